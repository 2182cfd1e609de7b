#pragma once

#include <algorithm>
#include <cstdint>

namespace cfc::golden {

/// Inclusive range of a signed two's complement number of `bits` bits (1 to 32).
struct SignedRange {
  std::int32_t lo;
  std::int32_t hi;
};

constexpr SignedRange signed_range(int bits) {
  const std::int64_t half = std::int64_t{1} << (bits - 1);
  return {static_cast<std::int32_t>(-half), static_cast<std::int32_t>(half - 1)};
}

/// Rounding shift: clip((a + 2^(shift-1)) >> shift, lo, hi). Rounds half
/// up; the shift is arithmetic (floor); `shift` 0 only clips. `shift` is 0 to 31.
constexpr std::int32_t requantise(std::int32_t a, int shift, std::int32_t lo, std::int32_t hi) {
  const std::int64_t half = shift > 0 ? std::int64_t{1} << (shift - 1) : 0;
  const std::int64_t rounded = (std::int64_t{a} + half) >> shift;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(rounded, lo, hi));
}

/// z of a factorised layer: the dot product U[:,k] . x brought to the width of the DCL -> DIL bus.
constexpr std::int32_t requantise_z(std::int32_t dot, int z_shift, int z_bits) {
  const SignedRange range = signed_range(z_bits);
  return requantise(dot, z_shift, range.lo, range.hi);
}

}  // namespace cfc::golden
