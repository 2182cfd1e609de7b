#include "compress/methods/low_rank.h"

#include <algorithm>
#include <cmath>

#include <Eigen/SVD>
#include <fmt/format.h>

#include "compress/network/quantiser.h"
#include "support/error.h"

namespace cfc::compress {
namespace {

using golden::Index;
using golden::MatrixS32;
using golden::MatrixS8;

constexpr int kFactorBits = 8;
constexpr std::int64_t kLargestPixel = 255;

MatrixS8 to_integers(const Eigen::MatrixXd& values) {
  const IntegerRange range = weight_range(kFactorBits);
  return values.unaryExpr([&](double value) {
    return static_cast<std::int8_t>(std::clamp<long>(std::lround(value), range.lo, range.hi));
  });
}

/// Bits of the signed number that no u8 input can make U^T x leave.
int needed_z_bits(const MatrixS8& u) {
  std::int64_t largest = 1;
  for (Index j = 0; j < u.cols(); ++j)
    largest = std::max(largest, kLargestPixel * u.col(j).cast<std::int64_t>().cwiseAbs().sum());
  int bits = 2;
  while (golden::signed_range(bits).hi < largest) ++bits;
  return bits;
}

}  // namespace

SingularValues::SingularValues(const MatrixS8& w) {
  const Eigen::BDCSVD<Eigen::MatrixXd> svd(w.cast<double>(),
                                           Eigen::ComputeThinU | Eigen::ComputeThinV);
  const Eigen::VectorXd root = svd.singularValues().cwiseSqrt();
  scaled_u_ = svd.matrixU() * root.asDiagonal();
  scaled_v_ = root.asDiagonal() * svd.matrixV().transpose();
}

IntegerFactors SingularValues::factors(Index rank) const {
  return {to_integers(scaled_u_.leftCols(rank)), to_integers(scaled_v_.topRows(rank))};
}

golden::Layer with_factors(golden::Layer layer, const IntegerFactors& factors) {
  const int z_bits = needed_z_bits(factors.u);
  layer.weights =
      golden::FactorisedWeights{factors.u, factors.v, kFactorBits, kFactorBits, 0, z_bits};
  return layer;
}

MatrixS32 product(const IntegerFactors& factors) {
  // Exact: float64 holds every integer that s8 factors can sum up to.
  const Eigen::MatrixXd exact = factors.u.cast<double>() * factors.v.cast<double>();
  return exact.cast<std::int32_t>();
}

double mean_squared_error(const MatrixS8& w, const IntegerFactors& factors) {
  return (w.cast<double>() - product(factors).cast<double>()).squaredNorm() /
         static_cast<double>(w.size());
}

}  // namespace cfc::compress
