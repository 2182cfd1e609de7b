#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace cfc {

/// A state, handshake or datum of a layer that can be looked at in the middle of every cycle. Its
/// name is the RTL's (docs/reference/rtl.md).
struct Probe {
  std::string name;
  std::function<std::int32_t()> value;
  std::function<bool()> is_meaningful;  ///< empty: always; else e.g. data only while valid
};

}  // namespace cfc
