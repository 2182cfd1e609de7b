#include "exchange/import/scale_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace cfc::exchange {
namespace {

using golden::Requantisation;

constexpr std::int64_t kLargestMultiplier = std::numeric_limits<std::int32_t>::max();
/// Up to which 256 steps of 2^shift fit 64 bits.
constexpr int kLargestShift = 54;

/// A step function by its steps: the least sum that gives `lo` + 1, `lo` + 2, ... `hi`; one more
/// than the largest sum where none does.
using Steps = std::vector<std::int64_t>;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return quotient * b != a && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}
std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return -floor_div(-a, b); }

Steps steps_of(const SumFunction& function, const Requantisation& bounds) {
  Steps steps;
  std::int64_t from = function.least;
  for (int value = bounds.lo + 1; value <= bounds.hi; ++value) {
    std::int64_t end = function.largest + 1;
    while (from < end) {
      const std::int64_t middle = from + (end - from) / 2;
      if (function.value(middle) >= value) {
        end = middle;
      } else {
        from = middle + 1;
      }
    }
    steps.push_back(from);
  }
  return steps;
}

struct Scale {
  std::int64_t multiplier;
  int shift;
};

/// What `value` - 1/2 comes to before the shift: a product from there on gives `value`.
std::int64_t bound_of(int value, int shift, const Requantisation& bounds) {
  const std::int64_t half = shift > 0 ? std::int64_t{1} << (shift - 1) : 0;
  return (value - bounds.zero_point) * (std::int64_t{1} << shift) - half;
}

/// Multipliers with which a shift gives exactly the steps: sums from a step on reach its value,
/// sums below do not.
class Multipliers {
 public:
  void reaches(std::int64_t sum, std::int64_t bound) {  // M sum >= bound
    if (sum > 0) lo_ = std::max(lo_, ceil_div(bound, sum));
    if (sum < 0) hi_ = std::min(hi_, floor_div(bound, sum));
    if (sum == 0 && bound > 0) hi_ = 0;
  }
  void stays_below(std::int64_t sum, std::int64_t bound) {  // M sum <= bound - 1
    reaches(-sum, 1 - bound);
  }
  std::optional<std::int64_t> least() const {
    if (lo_ > hi_) return {};
    return lo_;
  }

 private:
  std::int64_t lo_{1};
  std::int64_t hi_{kLargestMultiplier};
};

void restrict_to(const SumFunction& function, const Steps& steps, int shift,
                 const Requantisation& bounds, Multipliers& multipliers) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::int64_t bound = bound_of(bounds.lo + 1 + static_cast<int>(i), shift, bounds);
    if (steps[i] <= function.largest) multipliers.reaches(steps[i], bound);
    if (steps[i] > function.least) multipliers.stays_below(steps[i] - 1, bound);
  }
}

/// The exact scale with the least multiplier, of functions that share one.
std::optional<Scale> exact_scale(const std::vector<const SumFunction*>& functions,
                                 const std::vector<const Steps*>& steps,
                                 const Requantisation& bounds) {
  std::optional<Scale> best;
  for (int shift = 0; shift <= kLargestShift; ++shift) {
    Multipliers multipliers;
    for (std::size_t i = 0; i < functions.size(); ++i) {
      restrict_to(*functions[i], *steps[i], shift, bounds, multipliers);
    }
    const auto least = multipliers.least();
    if (least && (!best || *least < best->multiplier)) best = {*least, shift};
  }
  return best;
}

Steps steps_with(const Scale& scale, const SumFunction& function, const Requantisation& bounds) {
  Steps steps;
  for (int value = bounds.lo + 1; value <= bounds.hi; ++value) {
    const std::int64_t step = ceil_div(bound_of(value, scale.shift, bounds), scale.multiplier);
    steps.push_back(std::clamp(step, function.least, function.largest + 1));
  }
  return steps;
}

/// Sums between a step of one and the same step of the other, each counted once.
std::uint64_t differing_sums(const Steps& a, const Steps& b) {
  std::uint64_t count = 0;
  std::int64_t counted_to = std::numeric_limits<std::int64_t>::min();
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::int64_t begin = std::max(std::min(a[i], b[i]), counted_to);
    const std::int64_t end = std::max(a[i], b[i]);
    if (end > begin) count += static_cast<std::uint64_t>(end - begin);
    counted_to = std::max(counted_to, end);
  }
  return count;
}

std::uint64_t differing_sums(const Scale& scale, const std::vector<const SumFunction*>& functions,
                             const std::vector<const Steps*>& steps, const Requantisation& bounds) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < functions.size(); ++i) {
    count += differing_sums(*steps[i], steps_with(scale, *functions[i], bounds));
  }
  return count;
}

/// Of the scales nearest to the slope, one a width, that with the fewest differing sums.
Scale nearest_scale(const std::vector<const SumFunction*>& functions,
                    const std::vector<const Steps*>& steps, const Requantisation& bounds) {
  Scale best{1, 0};
  std::uint64_t fewest = differing_sums(best, functions, steps, bounds);
  const double slope = functions.front()->slope;
  for (int shift = 0; shift <= kLargestShift; ++shift) {
    const double multiplier = std::round(std::ldexp(slope, shift));
    if (multiplier < 1 || multiplier > static_cast<double>(kLargestMultiplier)) continue;
    const Scale scale{static_cast<std::int64_t>(multiplier), shift};
    const std::uint64_t differing = differing_sums(scale, functions, steps, bounds);
    if (differing < fewest) {
      best = scale;
      fewest = differing;
    }
  }
  return best;
}

void append(const std::vector<const SumFunction*>& functions,
            const std::vector<const Steps*>& steps, ScaleFit& fit) {
  const auto exact = exact_scale(functions, steps, fit.requantisation);
  const Scale scale = exact ? *exact : nearest_scale(functions, steps, fit.requantisation);
  fit.requantisation.multipliers.push_back(static_cast<std::int32_t>(scale.multiplier));
  fit.requantisation.shifts.push_back(scale.shift);
  fit.sums_different += differing_sums(scale, functions, steps, fit.requantisation);
}

}  // namespace

Requantisation choose_scale(const std::vector<double>& slopes, const Requantisation& bounds,
                            bool per_output) {
  constexpr double kClose = 1.0 / 4096;
  Requantisation chosen = bounds;
  chosen.multipliers.clear();
  chosen.shifts.clear();
  for (const double slope : slopes) {
    int shift = 0;
    double multiplier = 0;
    for (; shift <= kLargestShift; ++shift) {
      const double wanted = std::ldexp(slope, shift);
      multiplier = std::round(wanted);
      if (multiplier >= 1 && std::abs(multiplier - wanted) <= kClose * wanted) break;
    }
    const bool is_large = multiplier > static_cast<double>(kLargestMultiplier);
    chosen.multipliers.push_back(is_large ? static_cast<std::int32_t>(kLargestMultiplier)
                                          : std::max(1, static_cast<std::int32_t>(multiplier)));
    chosen.shifts.push_back(std::min(shift, kLargestShift));
    if (!per_output) break;
  }
  return chosen;
}

ScaleFit fit_scale(const std::vector<SumFunction>& outputs, const Requantisation& bounds,
                   bool per_output) {
  ScaleFit fit{bounds, 0, 0};
  fit.requantisation.multipliers.clear();
  fit.requantisation.shifts.clear();
  std::vector<Steps> steps;
  std::vector<const SumFunction*> functions;
  std::vector<const Steps*> steps_of_all;
  for (const SumFunction& output : outputs) {
    steps.push_back(steps_of(output, bounds));
    fit.sums_tried += static_cast<std::uint64_t>(output.largest - output.least + 1);
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    functions.push_back(&outputs[i]);
    steps_of_all.push_back(&steps[i]);
  }
  if (!per_output) {
    append(functions, steps_of_all, fit);
    return fit;
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) append({functions[i]}, {steps_of_all[i]}, fit);
  return fit;
}

}  // namespace cfc::exchange
