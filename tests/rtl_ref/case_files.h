#pragma once

#include <filesystem>
#include <string>

#include "layer_case.h"

namespace rtl_bench {

/// What is broken on purpose, to see the bench fail.
enum class Sabotage {
  none,
  values,  ///< the first bias of the last layer is off by one (seen in logits)
  cycles,  ///< the last layer has one register stage more than its cycles say
};

/// Writes accelerator.v, case.vh and the memory images (docs/reference/rtl.md) of a case.
void write_case(const Case& drawn, Sabotage sabotage, const std::filesystem::path& folder);

}  // namespace rtl_bench
