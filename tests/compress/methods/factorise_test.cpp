#include "compress/methods/factorise.h"

#include <cmath>

#include <ATen/ops/empty.h>
#include <Eigen/SVD>
#include <catch2/catch.hpp>

#include "compress/network/conversion.h"
#include "compress/training/trainer.h"
#include "support/error.h"
#include "tests/compress/helpers/random_data.h"

namespace cfc::compress {
namespace {

using Catch::Matchers::Contains;
using cfc::testing::seed_everything;
using cfc::testing::synthetic_data;

Eigen::MatrixXd to_eigen(const at::Tensor& matrix) {
  const at::Tensor values = matrix.detach().to(at::kDouble).contiguous();
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const RowMajor>(values.data_ptr<double>(), values.size(0), values.size(1));
}

/// 60 inputs, one hidden layer of 40, calibrated.
struct Fixture {
  Model model;
  at::Tensor images;
  Eigen::MatrixXd w;  ///< of layer 1, as the integer network has it

  Fixture() {
    cfc::testing::Generator random = seed_everything();
    images = to_samples(synthetic_data(200, 60, random)).images;
    model = make_model({60, 40, 10});
    model.calibrate(images);
    w = to_eigen(std::get<Dense>(model.layers[0].weights).w.as(Arithmetic::integer));
  }

  const Factorised& factors() const { return std::get<Factorised>(model.layers[0].weights); }
};

/// Squared error of the best approximation of rank r, from Eigen's singular values (Eckart-Young).
double least_squared_error(const Eigen::MatrixXd& w, Eigen::Index rank) {
  const Eigen::VectorXd s = Eigen::JacobiSVD<Eigen::MatrixXd>(w).singularValues();
  return s.tail(s.size() - rank).squaredNorm();
}

TEST_CASE("the factors before rounding are the best approximation of their rank") {
  for (const int rank : {1, 7, 20, 23}) {
    Fixture f;
    factorise(f.model, {1, rank, 8});
    const Eigen::MatrixXd product = to_eigen(f.factors().u.value) * to_eigen(f.factors().v.value);
    INFO("rank " << rank);
    REQUIRE((f.w - product).squaredNorm() == Approx(least_squared_error(f.w, rank)).epsilon(1e-4));
  }
}

TEST_CASE("U and V share the singular values evenly") {
  Fixture f;
  factorise(f.model, {1, 10, 8});
  const Eigen::MatrixXd u = to_eigen(f.factors().u.value);
  const Eigen::MatrixXd v = to_eigen(f.factors().v.value);
  const Eigen::VectorXd s = Eigen::JacobiSVD<Eigen::MatrixXd>(f.w).singularValues();
  for (Eigen::Index k = 0; k < 10; ++k) {
    REQUIRE(u.col(k).squaredNorm() == Approx(s(k)).epsilon(1e-4));
    REQUIRE(v.row(k).squaredNorm() == Approx(s(k)).epsilon(1e-4));
  }
}

/// Step of the finest power-of-two grid of `bits` bits on which none of `values` clips.
double step_without_clipping(const Eigen::MatrixXd& values, int bits) {
  const double top = std::ldexp(1.0, bits - 1) - 1.0;
  return std::exp2(-std::floor(std::log2(top / values.cwiseAbs().maxCoeff())));
}

/// Rounding to a grid of step q has an error of mean square q^2/12 an element. Errors of U reach
/// the product through V, and the other way round.
TEST_CASE("rounding the factors to integers costs no more than steps of their width must cost") {
  for (const int bits : {4, 6, 8}) {
    Fixture f;
    factorise(f.model, {1, 20, 8});
    auto& factors = std::get<Factorised>(f.model.layers[0].weights);
    factors.u.bits = factors.v.bits = bits;
    f.model.calibrate(f.images);
    const Eigen::MatrixXd u = to_eigen(factors.u.value);
    const Eigen::MatrixXd v = to_eigen(factors.v.value);
    const double step_u = step_without_clipping(u, bits);
    const double step_v = step_without_clipping(v, bits);
    const double expected =
        60 * step_u * step_u / 12 * v.squaredNorm() + 40 * step_v * step_v / 12 * u.squaredNorm();
    const Eigen::MatrixXd rounded = to_eigen(factors.u.integers()) *
                                    to_eigen(factors.v.integers()) *
                                    std::ldexp(1.0, -factors.u.exponent - factors.v.exponent);
    const double cost = (u * v - rounded).squaredNorm();
    INFO(bits << " bits, cost " << cost << ", expected " << expected);
    REQUIRE(cost < 1.3 * expected);
    REQUIRE(cost > 0.0);
  }
}

TEST_CASE("the largest useful rank is the last one that saves weights") {
  for (std::int64_t m = 1; m < 40; ++m) {
    for (std::int64_t n = 1; n < 40; ++n) {
      const std::int64_t r = largest_useful_rank(m, n);
      REQUIRE(r * (m + n) < m * n);
      REQUIRE((r + 1) * (m + n) >= m * n);
    }
  }
  REQUIRE(largest_useful_rank(784, 50) == 47);
  REQUIRE(largest_useful_rank(50, 100) == 33);
}

TEST_CASE("a rank that compresses nothing is refused, and the useful one is named") {
  Fixture f;  // layer 1 is 60 x 40: rank 23 holds 2300 weights of 2400, rank 24 holds 2400
  REQUIRE_NOTHROW(check({1, 23, 8}, f.model));
  REQUIRE_THROWS_AS(check({1, 24, 8}, f.model), InputError);
  REQUIRE_THROWS_WITH(check({1, 24, 8}, f.model),
                      Contains("2400") && Contains("useful rank is 23"));
  REQUIRE_THROWS_WITH(check({1, 41, 8}, f.model), Contains("min(m, n) = 40"));
  REQUIRE_THROWS_AS(check({1, 0, 8}, f.model), InputError);
}

TEST_CASE("a layer that does not exist or is factorised already is refused") {
  Fixture f;
  REQUIRE_THROWS_AS(check({0, 5, 8}, f.model), InputError);
  REQUIRE_THROWS_AS(check({3, 5, 8}, f.model), InputError);
  factorise(f.model, {1, 5, 8});
  REQUIRE_THROWS_WITH(factorise(f.model, {1, 4, 8}), Contains("factorised already"));
}

}  // namespace
}  // namespace cfc::compress
