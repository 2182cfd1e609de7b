#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "golden/requantisation.h"

// Internal to the importer.

namespace cfc::exchange {

/// What a source makes of the sums of one output: u8, never falling where the sum grows.
struct SumFunction {
  std::function<int(std::int64_t sum)> value;
  std::int64_t least;  ///< sums that inputs can give
  std::int64_t largest;
  double slope;  ///< about what a sum is multiplied by
};

/// A requantisation, and how well it does what the source does.
struct ScaleFit {
  golden::Requantisation requantisation;
  std::uint64_t sums_tried{};      ///< all that inputs can give, of all outputs together
  std::uint64_t sums_different{};  ///< 0: proved equal
};

/// The requantisation with the narrowest multiplier that gives, for every sum, what the source
/// defines; where there is none, the one of those nearest to the slope that differs for the fewest
/// sums. `bounds` has zero point, lo and hi. One multiplier and shift for all outputs, or, if
/// `per_output`, one for each.
ScaleFit fit_scale(const std::vector<SumFunction>& outputs, const golden::Requantisation& bounds,
                   bool per_output);

/// The requantisation with the narrowest multiplier that is within 2^-12 of the outputs' slopes:
/// for scales that no source defines.
golden::Requantisation choose_scale(const std::vector<double>& slopes,
                                    const golden::Requantisation& bounds, bool per_output);

}  // namespace cfc::exchange
