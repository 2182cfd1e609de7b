#pragma once

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "platform/bus/burst_port.h"

namespace cfc::testing {

/// What holds in one coding style of TLM-2.0 is to hold in the other.
constexpr std::array kBothStyles{CodingStyle::loosely_timed, CodingStyle::approximately_timed};

inline std::string style_name(const ::testing::TestParamInfo<CodingStyle>& info) {
  return info.param == CodingStyle::loosely_timed ? "Loose" : "Approximate";
}

}  // namespace cfc::testing
