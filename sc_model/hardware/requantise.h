#pragma once

#include <cstdint>

namespace cfc {

/// Rounds `value` / 2^`shift` half up and clips it to `lo` .. `hi`: what the hardware does between
/// an accumulator and a narrower bus. `shift` is 0 to 31. Written from docs/reference/networks.md,
/// not from golden, which judges it. RTL twin: rtl_ref/hardware/requantise.v
constexpr std::int32_t requantise(std::int32_t value, int shift, std::int32_t lo, std::int32_t hi) {
  // The bit below the new lowest one decides: its weight is one half.
  const std::int64_t twice = std::int64_t{value} * 2 >> shift;
  const std::int64_t rounded = (twice >> 1) + (twice & 1);
  if (rounded < lo) return lo;
  return rounded > hi ? hi : static_cast<std::int32_t>(rounded);
}

/// A multiplier, then the same rounding in 64 bits. `multiplier` is 1 to 2^31 - 1, `shift` 0 to 62.
/// RTL twin: rtl_ref/hardware/rescale.v, which clips, too
constexpr std::int64_t rescale(std::int32_t value, std::int32_t multiplier, int shift) {
  const std::int64_t product = std::int64_t{value} * multiplier;
  if (shift == 0) return product;
  // The last bit that goes decides.
  return ((product >> (shift - 1)) + 1) >> 1;
}

}  // namespace cfc
