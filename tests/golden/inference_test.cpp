// The Eigen inference against a scalar computation that shares nothing with it but the network.

#include "golden/inference.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "support/error.h"
#include "tests/helpers/random_networks.h"

using namespace cfc;
using namespace cfc::golden;
using cfc::testing::uniform;

namespace {

/// Rounding shift by definition, on 64 bits.
std::int64_t rounded_shift(std::int64_t a, int shift) {
  const std::int64_t divisor = std::int64_t{1} << shift;
  const std::int64_t shifted = a + (shift > 0 ? divisor / 2 : 0);
  return shifted >= 0 ? shifted / divisor : -((-shifted + divisor - 1) / divisor);
}

struct ScalarLayer {
  std::vector<std::int64_t> z;
  std::vector<std::int64_t> output;
};

std::vector<std::int64_t> times(const std::vector<std::int64_t>& nodes, const MatrixS8& weights) {
  std::vector<std::int64_t> sums(static_cast<std::size_t>(weights.cols()), 0);
  for (Index j = 0; j < weights.cols(); ++j) {
    for (Index i = 0; i < weights.rows(); ++i) {
      sums[static_cast<std::size_t>(j)] += nodes[static_cast<std::size_t>(i)] * weights(i, j);
    }
  }
  return sums;
}

ScalarLayer compute(const Layer& layer, const std::vector<std::int64_t>& inputs) {
  ScalarLayer result;
  if (const auto* factors = std::get_if<FactorisedWeights>(&layer.weights)) {
    const std::int64_t limit = std::int64_t{1} << (factors->z_bits - 1);
    for (const std::int64_t dot : times(inputs, factors->u)) {
      result.z.push_back(std::clamp(rounded_shift(dot, factors->z_shift), -limit, limit - 1));
    }
    result.output = times(result.z, factors->v);
  } else {
    result.output = times(inputs, std::get<DenseWeights>(layer.weights).w);
  }
  for (std::size_t j = 0; j < result.output.size(); ++j) {
    std::int64_t& y = result.output[j];
    y += layer.bias[static_cast<Index>(j)];
    if (layer.requantisation) {
      const Requantisation& to = *layer.requantisation;
      const std::size_t place = to.shifts.size() == 1 ? 0 : j;
      y = rounded_shift(y * to.multipliers[place], to.shifts[place]) + to.zero_point;
      y = std::clamp<std::int64_t>(y, to.lo, to.hi);
    }
  }
  return result;
}

bool same(const std::vector<std::int64_t>& expected, const MatrixS32& actual, Index row) {
  for (Index j = 0; j < actual.cols(); ++j) {
    if (actual(row, j) != expected[static_cast<std::size_t>(j)]) return false;
  }
  return static_cast<Index>(expected.size()) == actual.cols();
}

bool equals_scalar(const Network& network, const MatrixU8& images, const InferenceResult& result) {
  for (Index row = 0; row < images.rows(); ++row) {
    std::vector<std::int64_t> nodes(images.row(row).begin(), images.row(row).end());
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      const ScalarLayer expected = compute(network.layers[i], nodes);
      const LayerResult& actual = result.layers[i];
      if (actual.z && !same(expected.z, *actual.z, row)) return false;
      if (!same(expected.output, actual.output, row)) return false;
      nodes = expected.output;
    }
    const auto best = std::max_element(nodes.begin(), nodes.end()) - nodes.begin();
    if (result.classes[static_cast<std::size_t>(row)] != best) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("inference equals a scalar computation on random networks") {
  cfc::testing::Generator generator(cfc::testing::test_seed());
  for (int i = 0; i < 300; ++i) {
    const Network network = cfc::testing::random_network(generator);
    validate(network);
    const MatrixU8 images = cfc::testing::random_images(generator, 5, network.inputs());
    InferenceResult result = infer(network, images);
    CAPTURE(i);
    REQUIRE(equals_scalar(network, images, result));
    // The comparison notices one wrong unit anywhere.
    LayerResult& layer = result.layers[static_cast<std::size_t>(
        uniform(generator, 0, static_cast<int>(network.layers.size()) - 1))];
    MatrixS32& touched = layer.z ? *layer.z : layer.output;
    touched.data()[uniform(generator, 0, static_cast<int>(touched.size()) - 1)] += 1;
    REQUIRE_FALSE(equals_scalar(network, images, result));
  }
}

TEST_CASE("the lowest class wins a tie") {
  const std::int32_t logits[] = {3, 7, 7, -1};
  REQUIRE(argmax(logits, 4) == 1);
  const std::int32_t equal[] = {-5, -5};
  REQUIRE(argmax(equal, 2) == 0);
}

TEST_CASE("accuracy is the share of right classes") {
  REQUIRE(accuracy({1, 2, 3, 4}, {1, 2, 0, 4}) == 0.75);
  REQUIRE_THROWS_AS(accuracy({1}, {1, 2}), InputError);
}

TEST_CASE("images of another size than the network's input are refused") {
  cfc::testing::Generator generator(1);
  const Network network = cfc::testing::random_network(generator);
  REQUIRE_THROWS_AS(infer(network, MatrixU8::Zero(1, network.inputs() + 1)), InputError);
}
