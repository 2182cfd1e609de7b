#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/Core>

namespace cfc::golden {

/// What brings a layer's sums to u8 (docs/reference/networks.md):
/// clip(((sum * multiplier + 2^(shift-1)) >> shift) + zero_point, lo, hi). Multiplier and shift are
/// one for the layer, or one for each of its n outputs.
struct Requantisation {
  static constexpr int kMaxShift = 62;
  /// The largest shift that needs no more than the 32 bits of the sum.
  static constexpr int kMaxPlainShift = 30;
  static constexpr int kLargestOutput = 255;

  std::vector<std::int32_t> multipliers{1};  ///< 1 or n of them, each 1 to 2^31 - 1
  std::vector<int> shifts{0};                ///< as many, each 0 to kMaxShift
  int zero_point{0};                         ///< the output that stands for 0: 0 to 255
  int lo{0};                                 ///< zero_point, if there is a ReLU
  int hi{kLargestOutput};

  /// ReLU and rounding shift: a power of two as scale.
  static Requantisation by_shift(int shift) { return {{1}, {shift}}; }

  /// True where it is that, and no multiplier is needed.
  bool is_plain() const;

  bool is_per_output() const { return shifts.size() > 1; }
  std::int32_t multiplier_of(Eigen::Index output) const;
  int shift_of(Eigen::Index output) const;

  /// Unsigned width of the widest multiplier: what the hardware pays for.
  int multiplier_bits() const;

  /// `sum` with its bias, of output `output`.
  std::int32_t apply(std::int32_t sum, Eigen::Index output) const;
};

bool operator==(const Requantisation& a, const Requantisation& b);
inline bool operator!=(const Requantisation& a, const Requantisation& b) { return !(a == b); }

}  // namespace cfc::golden
