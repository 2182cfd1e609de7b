#include "golden/requantisation.h"

#include <algorithm>
#include <tuple>

namespace cfc::golden {

bool Requantisation::is_plain() const {
  return !is_per_output() && multipliers.front() == 1 && shifts.front() <= kMaxPlainShift &&
         zero_point == 0 && lo == 0 && hi == kLargestOutput;
}

std::int32_t Requantisation::multiplier_of(Eigen::Index output) const {
  return multipliers[is_per_output() ? static_cast<std::size_t>(output) : 0];
}

int Requantisation::shift_of(Eigen::Index output) const {
  return shifts[is_per_output() ? static_cast<std::size_t>(output) : 0];
}

int Requantisation::multiplier_bits() const {
  const std::int32_t widest = *std::max_element(multipliers.begin(), multipliers.end());
  int bits = 1;
  while (widest >> bits > 0) ++bits;
  return bits;
}

/// The product has at most 62 bits, so neither the rounding term nor the zero point overflows.
std::int32_t Requantisation::apply(std::int32_t sum, Eigen::Index output) const {
  const int shift = shift_of(output);
  const std::int64_t half = shift > 0 ? std::int64_t{1} << (shift - 1) : 0;
  const std::int64_t scaled = (std::int64_t{sum} * multiplier_of(output) + half) >> shift;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(scaled + zero_point, lo, hi));
}

bool operator==(const Requantisation& a, const Requantisation& b) {
  return std::tie(a.multipliers, a.shifts, a.zero_point, a.lo, a.hi) ==
         std::tie(b.multipliers, b.shifts, b.zero_point, b.lo, b.hi);
}

}  // namespace cfc::golden
