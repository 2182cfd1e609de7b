#pragma once

namespace cfc {

/// What follows `value` in a register that counts 0 to `end` - 1 and begins again.
/// RTL twin: rtl_ref/hardware/counter.v
constexpr int count(int value, int end) { return value + 1 == end ? 0 : value + 1; }

/// Counts `value` up; true where it begins again.
constexpr bool count_up(int& value, int end) {
  value = count(value, end);
  return value == 0;
}

}  // namespace cfc
