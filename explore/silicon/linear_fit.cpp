#include "explore/silicon/linear_fit.h"

#include <numeric>

#include <Eigen/Dense>

namespace cfc::explore {

std::vector<double> fit_scaled(const std::vector<Observation>& observations,
                               const std::vector<double>& prior) {
  constexpr double kPull = 1e-3;  // towards the prior, of each coefficient in units of its column
  const auto terms = static_cast<Eigen::Index>(
      observations.empty() ? prior.size() : observations.front().terms.size());
  Eigen::MatrixXd a(static_cast<Eigen::Index>(observations.size()), terms);
  Eigen::VectorXd b(a.rows());
  const Eigen::VectorXd start = prior.empty()
                                    ? Eigen::VectorXd::Zero(terms).eval()
                                    : Eigen::Map<const Eigen::VectorXd>(prior.data(), terms).eval();
  for (Eigen::Index row = 0; row < a.rows(); ++row) {
    const Observation& seen = observations[static_cast<std::size_t>(row)];
    a.row(row) = Eigen::Map<const Eigen::RowVectorXd>(seen.terms.data(), terms) / seen.scale;
    b[row] = seen.value / seen.scale;
  }
  Eigen::VectorXd scale = a.colwise().norm().transpose();
  for (double& column : scale) column = column > 0 ? column : 1;
  const Eigen::MatrixXd scaled = a * scale.cwiseInverse().asDiagonal();
  const Eigen::MatrixXd normal =
      scaled.transpose() * scaled + kPull * Eigen::MatrixXd::Identity(terms, terms);
  const Eigen::VectorXd step = normal.ldlt().solve(scaled.transpose() * (b - a * start));
  const Eigen::VectorXd found = start + scale.cwiseInverse().asDiagonal() * step;
  return {found.data(), found.data() + terms};
}

double evaluate(const std::vector<double>& terms, const std::vector<double>& coefficients) {
  return std::inner_product(terms.begin(), terms.end(), coefficients.begin(), 0.0);
}

}  // namespace cfc::explore
