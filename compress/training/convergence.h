#pragma once

#include <vector>

namespace cfc::compress {

/// When a training has converged: the paper stops once the training accuracies of 10 epochs in a
/// row lie within 0.01 %.
struct Convergence {
  std::size_t window{10};
  double spread{1e-4};  ///< share of the images
};

/// Whether the last `window` accuracies lie less than `spread` apart.
bool has_converged(const Convergence& rule, const std::vector<double>& accuracies);

}  // namespace cfc::compress
