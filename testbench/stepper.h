#pragma once

#include <cstdint>
#include <vector>

namespace cfc {

/// A machine that is led through its cycles from outside and shows the same list of signals as
/// another: the SystemC model, its RTL.
class Stepper {
 public:
  virtual ~Stepper() = default;

  /// One clock cycle of reset.
  virtual void reset() = 0;
  /// In the middle of a cycle: all that is combinational comes to rest.
  virtual void settle() = 0;
  /// The signals in this cycle, each in its place.
  virtual void observe(std::vector<std::int32_t>& values) = 0;
  /// On to the middle of the next cycle.
  virtual void clock() = 0;
};

}  // namespace cfc
