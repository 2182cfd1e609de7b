#pragma once

#include <vector>

namespace cfc::explore {

/// One measured value, and what it should be proportional to.
struct Observation {
  std::vector<double> terms;
  double value{};
  double scale{};  ///< in which its error counts; the value itself for a relative error
};

/// Coefficients that make `terms` times coefficients come near the values: least squares of the
/// errors, each in its scale. What the observations say nothing about stays as in `prior` (empty:
/// 0). All observations have as many terms; scales are positive.
std::vector<double> fit_scaled(const std::vector<Observation>& observations,
                               const std::vector<double>& prior = {});

/// Terms times coefficients.
double evaluate(const std::vector<double>& terms, const std::vector<double>& coefficients);

}  // namespace cfc::explore
