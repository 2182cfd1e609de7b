#include "compress/training/convergence.h"

#include <algorithm>

namespace cfc::compress {

bool has_converged(const Convergence& rule, const std::vector<double>& accuracies) {
  if (accuracies.size() < rule.window) return false;
  const auto [least, most] = std::minmax_element(
      accuracies.end() - static_cast<std::ptrdiff_t>(rule.window), accuracies.end());
  return *most - *least < rule.spread;
}

}  // namespace cfc::compress
