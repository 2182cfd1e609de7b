#include "explore/silicon/fit_error.h"

#include <algorithm>
#include <cmath>

namespace cfc::explore {

FitError error_of(const std::vector<double>& errors) {
  FitError error;
  error.layers = errors.size();
  for (const double each : errors) {
    error.mean += std::abs(each) / static_cast<double>(errors.size());
    error.worst = std::max(error.worst, std::abs(each));
  }
  return error;
}

}  // namespace cfc::explore
