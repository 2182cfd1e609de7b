#include "compress/methods/factor_learning.h"

#include <algorithm>
#include <cmath>

#include "compress/network/quantiser.h"

namespace cfc::compress {
namespace {

using Eigen::ArrayXXf;
using Eigen::MatrixXf;
using golden::Index;
using golden::MatrixS8;

constexpr int kFactorBits = 8;

/// Best integers for the columns of `left` in W ~ left * right, one column after the other; true if
/// any of them moved. Float32 is exact enough: what is rounded is seldom near a half, and a column
/// that is wrongly rounded is only as good as it was.
bool improve(const MatrixXf& w, const MatrixXf& right, MatrixXf& left) {
  const IntegerRange range = weight_range(kFactorBits);
  const MatrixXf targets = w * right.transpose();
  const MatrixXf overlaps = right * right.transpose();
  bool moved = false;
  for (Index j = 0; j < left.cols(); ++j) {
    const float curvature = overlaps(j, j);
    if (curvature == 0.0F) continue;
    const Eigen::VectorXf gradient = targets.col(j) - left * overlaps.col(j);
    const Eigen::VectorXf best = (left.col(j) + gradient / curvature)
                                     .array()
                                     .round()
                                     .max(static_cast<float>(range.lo))
                                     .min(static_cast<float>(range.hi));
    moved = moved || best != left.col(j);
    left.col(j) = best;
  }
  return moved;
}

MatrixS8 to_integers(const MatrixXf& values) {
  const auto limit = static_cast<float>(weight_range(kFactorBits).hi);
  return values.array().round().max(-limit).min(limit).cast<std::int8_t>().matrix();
}

/// The Adam optimiser for one matrix, with its customary constants.
class Adam {
 public:
  Adam(const MatrixXf& values, double rate)
      : rate_(rate),
        mean_(ArrayXXf::Zero(values.rows(), values.cols())),
        square_(ArrayXXf::Zero(values.rows(), values.cols())) {}

  void step(const MatrixXf& gradient, MatrixXf& values) {
    constexpr float kMeanDecay = 0.9F;
    constexpr float kSquareDecay = 0.999F;
    constexpr float kTiny = 1e-8F;
    ++steps_;
    mean_ = kMeanDecay * mean_ + (1.0F - kMeanDecay) * gradient.array();
    square_ = kSquareDecay * square_ + (1.0F - kSquareDecay) * gradient.array().square();
    const auto rate = static_cast<float>(rate_ / (1.0 - std::pow(kMeanDecay, steps_)));
    const auto correction = static_cast<float>(1.0 - std::pow(kSquareDecay, steps_));
    values.array() -= rate * mean_ / ((square_ / correction).sqrt() + kTiny);
  }

 private:
  double rate_;
  int steps_{0};
  ArrayXXf mean_;
  ArrayXXf square_;
};

}  // namespace

IntegerFactors learn_by_descent(const MatrixS8& w, const IntegerFactors& start, int sweeps) {
  const MatrixXf target = w.cast<float>();
  const MatrixXf transposed = target.transpose();
  MatrixXf u = start.u.cast<float>();
  MatrixXf v = start.v.cast<float>().transpose();  // n x r, so that both sides are columns
  bool moving = true;
  for (int sweep = 0; moving && sweep < sweeps; ++sweep) {
    const bool u_moved = improve(target, v.transpose(), u);
    const bool v_moved = improve(transposed, u.transpose(), v);
    moving = u_moved || v_moved;
  }
  IntegerFactors learned{to_integers(u), to_integers(v.transpose())};
  return mean_squared_error(w, learned) < mean_squared_error(w, start) ? learned : start;
}

IntegerFactors learn_by_gradient(const MatrixS8& w, const IntegerFactors& start,
                                 const GradientSteps& training) {
  const MatrixXf target = w.cast<float>();
  const float scale =
      2.0F / static_cast<float>(w.size());  // of the derivative of a mean of squares
  MatrixXf u = start.u.cast<float>();
  MatrixXf v = start.v.cast<float>();
  Adam optimiser_u(u, training.rate);
  Adam optimiser_v(v, training.rate);
  for (int step = 0; step < training.steps; ++step) {
    const MatrixXf error = scale * (u * v - target);
    const MatrixXf gradient_u = error * v.transpose();
    const MatrixXf gradient_v = u.transpose() * error;
    optimiser_u.step(gradient_u, u);
    optimiser_v.step(gradient_v, v);
  }
  return {to_integers(u), to_integers(v)};
}

}  // namespace cfc::compress
