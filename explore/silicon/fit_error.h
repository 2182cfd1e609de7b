#pragma once

#include <cstddef>
#include <vector>

namespace cfc::explore {

/// How far a fit is from what it has not seen: relative, 0.1 is 10 %.
struct FitError {
  double mean{};
  double worst{};
  std::size_t layers{};  ///< how many were held out
};

/// Of these relative errors.
FitError error_of(const std::vector<double>& errors);

}  // namespace cfc::explore
