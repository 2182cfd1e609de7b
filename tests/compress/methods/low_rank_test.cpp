#include "compress/methods/low_rank.h"

#include <cmath>

#include <Eigen/Eigenvalues>
#include <catch2/catch.hpp>

#include "compress/methods/factor_learning.h"
#include "compress/search/e_score.h"
#include "golden/inference.h"
#include "support/error.h"
#include "tests/compress/helpers/random_data.h"

namespace cfc::compress {
namespace {

using cfc::testing::Generator;
using cfc::testing::test_seed;
using cfc::testing::uniform;
using golden::Index;
using golden::MatrixS8;

MatrixS8 random_matrix(Generator& random, Index m, Index n, int limit) {
  MatrixS8 w(m, n);
  for (Index i = 0; i < w.size(); ++i)
    w.data()[i] = static_cast<std::int8_t>(uniform(random, -limit, limit));
  return w;
}

TEST_CASE("at full rank the factors, not yet rounded, give the matrix back") {
  // Diagonal: U sqrt(S) and sqrt(S) V are sqrt(w) themselves, integers if w is a square.
  MatrixS8 w = MatrixS8::Zero(4, 3);
  w.diagonal() << 100, 49, 16;
  const SingularValues decomposition(w);
  REQUIRE(product(decomposition.factors(3)).cast<std::int8_t>() == w);
  w(2, 2) = 0;
  REQUIRE(product(decomposition.factors(2)).cast<std::int8_t>() == w);
}

TEST_CASE("eqs. (8) and (9) round U sqrt(S) and sqrt(S) V to the nearest integer") {
  Generator random(test_seed());
  const MatrixS8 w = random_matrix(random, 30, 12, 90);
  const IntegerFactors factors = SingularValues(w).factors(12);
  // An oracle of another kind: eigenvectors of W^T W are V, up to their sign.
  const Eigen::MatrixXd gram = w.cast<double>().transpose() * w.cast<double>();
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram);
  for (Index k = 0; k < 12; ++k) {
    const double sigma = std::sqrt(solver.eigenvalues()(11 - k));
    const Eigen::VectorXd right = solver.eigenvectors().col(11 - k);
    const Eigen::VectorXd row = factors.v.row(k).cast<double>();
    const double sign = right.dot(row) < 0 ? -1.0 : 1.0;
    CHECK((row - sign * std::sqrt(sigma) * right).cwiseAbs().maxCoeff() <= 0.5 + 1e-9);
    const Eigen::VectorXd left = w.cast<double>() * right / sigma;
    const Eigen::VectorXd column = factors.u.col(k).cast<double>();
    CHECK((column - sign * std::sqrt(sigma) * left).cwiseAbs().maxCoeff() <= 0.5 + 1e-9);
  }
}

TEST_CASE("the factors of a small rank begin those of a large one") {
  Generator random(test_seed());
  const SingularValues decomposition(random_matrix(random, 30, 12, 90));
  const IntegerFactors large = decomposition.factors(9);
  const IntegerFactors small = decomposition.factors(4);
  REQUIRE(large.u.leftCols(4) == small.u);
  REQUIRE(large.v.topRows(4) == small.v);
}

TEST_CASE("LRA-learn never approximates worse than LRA, and mostly better") {
  Generator random(test_seed());
  int better = 0;
  for (int i = 0; i < 20; ++i) {
    const MatrixS8 w = random_matrix(random, 40, 15, 60);
    const IntegerFactors start = SingularValues(w).factors(uniform(random, 1, 10));
    const double before = mean_squared_error(w, start);
    const double after = mean_squared_error(w, learn_by_descent(w, start));
    CHECK(after <= before);
    better += after < before ? 1 : 0;
  }
  REQUIRE(better > 15);
}

TEST_CASE("descent ends where no single integer can be improved") {
  Generator random(test_seed());
  const MatrixS8 w = random_matrix(random, 12, 8, 60);
  const IntegerFactors learned = learn_by_descent(w, SingularValues(w).factors(3), 1000);
  const double least = mean_squared_error(w, learned);
  for (Index i = 0; i < learned.u.size(); ++i)
    for (const int change : {-1, 1}) {
      IntegerFactors other = learned;
      other.u.data()[i] = static_cast<std::int8_t>(other.u.data()[i] + change);
      CHECK(mean_squared_error(w, other) >= least);
    }
}

TEST_CASE("eq. (10) by gradients finds factors that are as good as the matrix allows") {
  Generator random(test_seed());
  const IntegerFactors truth{random_matrix(random, 20, 2, 7), random_matrix(random, 2, 15, 7)};
  const MatrixS8 w = product(truth).cast<std::int8_t>();
  const IntegerFactors start = SingularValues(w).factors(2);
  const IntegerFactors learned = learn_by_gradient(w, start, {300, 0.1});
  const double squares = w.cast<double>().squaredNorm() / static_cast<double>(w.size());
  CHECK(mean_squared_error(w, learned) < 0.05 * squares);
  const IntegerFactors untouched = learn_by_gradient(w, start, {0, 0.1});
  CHECK(untouched.u == start.u);
  CHECK(untouched.v == start.v);
}

TEST_CASE("a layer with factors computes with U V, to the last bit") {
  Generator random(test_seed());
  golden::Layer layer;
  layer.name = "fc1";
  layer.bias.setConstant(15, 100);
  const MatrixS8 w = random_matrix(random, 40, 15, 60);
  const IntegerFactors factors = SingularValues(w).factors(8);
  const golden::Network network{{with_factors(layer, factors)}, {}};
  golden::validate(network);

  golden::MatrixU8 images = cfc::testing::random_images(random, 50, 40);
  images.row(0).setConstant(255);
  const golden::MatrixS32 expected =
      ((images.cast<std::int32_t>() * product(factors)).rowwise() + layer.bias.transpose());
  REQUIRE(golden::infer(network, images).logits() == expected);
}

TEST_CASE("the E score is the weighted harmonic mean") {
  REQUIRE(e_score(0.8, 0.8, 12.0) == Approx(0.8));
  REQUIRE(e_score(1.0, 0.5, 1.0) == Approx(2.0 / 3.0));  // 2 A C / (A + C)
  REQUIRE(e_score(0.9, 0.4, 2.0) == Approx(5 * 0.9 * 0.4 / (4 * 0.4 + 0.9)));
  REQUIRE(e_score(0.0, 0.0) == 0.0);
  // The larger beta is, the less the removed weights count.
  REQUIRE(std::abs(e_score(0.9, 0.4, 12.0) - 0.9) < std::abs(e_score(0.9, 0.4, 3.0) - 0.9));
}

}  // namespace
}  // namespace cfc::compress
