#include "compress/network/quantiser.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <catch2/catch.hpp>

#include "compress/training/trainer.h"
#include "tests/compress/helpers/random_data.h"

namespace cfc::compress {
namespace {

using cfc::testing::seed_everything;

at::Tensor gradient_of_sum(const at::Tensor& leaf, const at::Tensor& result) {
  result.sum().backward();
  return leaf.grad();
}

/// The rule in plain scalar arithmetic.
double scalar_error(const at::Tensor& weights, int exponent, int bits) {
  const double top = std::ldexp(1.0, bits - 1) - 1.0;
  double sum = 0.0;
  const float* values = weights.data_ptr<float>();
  for (std::int64_t i = 0; i < weights.numel(); ++i) {
    const double integer = std::floor(std::ldexp(values[i], exponent) + 0.5);
    const double back = std::ldexp(std::fmin(std::fmax(integer, -top), top), -exponent);
    sum += (back - values[i]) * (back - values[i]);
  }
  return sum;
}

TEST_CASE("rounding is half up, and clips to the range") {
  const at::Tensor values =
      at::tensor({-1.5, -0.5, -0.49, 0.49, 0.5, 1.5, 99.0, -99.0}, at::kFloat);
  const at::Tensor expected = at::tensor({-1., 0., 0., 0., 1., 2., 7., -7.}, at::kFloat);
  REQUIRE(to_integers(values, 0, weight_range(4)).equal(expected));
  REQUIRE(to_integers(values * 0.125, 3, weight_range(4)).equal(expected));
}

TEST_CASE("a quantised value is exactly an integer times a power of two") {
  seed_everything();
  const at::Tensor values = at::empty({10000}).normal_(0.0, 3.0);
  for (const int exponent : {-3, 0, 5, 19}) {
    INFO("exponent " << exponent);
    const at::Tensor scaled =
        quantise(values, exponent, golden::signed_range(24)) * std::ldexp(1.0, exponent);
    REQUIRE(scaled.equal(scaled.floor()));
    REQUIRE(scaled.equal(to_integers(values, exponent, golden::signed_range(24))));
  }
}

TEST_CASE("the gradient of a weight goes straight through rounding and clip") {
  at::Tensor weights = at::tensor({-9.0, -0.3, 0.0, 0.2, 9.0}, at::kFloat).set_requires_grad(true);
  const at::Tensor quantised = quantise(weights, 2, weight_range(4));
  REQUIRE(gradient_of_sum(weights, quantised * 3.0)
              .equal(at::tensor({3., 3., 3., 3., 3.}, at::kFloat)));
}

TEST_CASE("the gradient of an activation stops below zero and at saturation") {
  at::Tensor sums =
      at::tensor({-1.0, 0.3, 200.0, 255.4, 300.0}, at::kFloat).set_requires_grad(true);
  const at::Tensor activations = activate(sums, 0);
  REQUIRE(activations.equal(at::tensor({0., 0., 200., 255., 255.}, at::kFloat)));
  REQUIRE(gradient_of_sum(sums, activations).equal(at::tensor({0., 1., 1., 0., 0.}, at::kFloat)));
}

TEST_CASE("the weight exponent has the least squared error of all exponents") {
  seed_everything();
  for (const int bits : {2, 3, 4, 8}) {
    for (const double width : {0.003, 0.17, 0.9, 40.0}) {
      const at::Tensor weights = at::empty({2000}).uniform_(-width, width);
      const int chosen = weight_exponent(weights, bits);
      INFO(bits << " bits, width " << width << ", exponent " << chosen);
      for (int other = -20; other < 30; ++other)
        REQUIRE(scalar_error(weights, chosen, bits) <= scalar_error(weights, other, bits));
      REQUIRE(weight_exponent(weights * 2.0, bits) == chosen - 1);
    }
  }
}

TEST_CASE("all-zero weights and values have an exponent, too") {
  REQUIRE(weight_exponent(at::zeros({5, 5}), 8) == 7);
  REQUIRE(range_exponent(at::zeros({5, 5}), 255) == 0);
}

TEST_CASE("the range exponent is the largest that holds the values, rare ones apart") {
  seed_everything();
  at::Tensor values = at::empty({100000}).uniform_(-0.7, 0.7);
  REQUIRE(range_exponent(values, 127) == 7);  // 0.7 * 2^7 = 90, 0.7 * 2^8 = 179
  values.slice(0, 0, 5).fill_(50.0);
  REQUIRE(range_exponent(values, 127) == 7);
  values.slice(0, 0, 50).fill_(50.0);
  REQUIRE(range_exponent(values, 127) == 1);
}

}  // namespace
}  // namespace cfc::compress
