#include "compress/methods/pruning.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "support/error.h"
#include "tests/compress/helpers/random_data.h"

namespace cfc::compress {
namespace {

using cfc::testing::Generator;
using cfc::testing::test_seed;
using cfc::testing::uniform;
using golden::Index;
using golden::MatrixS8;

/// Dense layers of random weights, none of them 0.
golden::Network dense_network(Generator& random) {
  golden::Network network;
  for (const auto& [m, n] : std::vector<std::pair<Index, Index>>{{40, 20}, {20, 12}, {12, 10}}) {
    golden::Layer layer;
    MatrixS8 w(m, n);
    for (Index i = 0; i < w.size(); ++i)
      w.data()[i] =
          static_cast<std::int8_t>(uniform(random, 1, 127) * (uniform(random, 0, 1) == 0 ? -1 : 1));
    layer.name = "fc" + std::to_string(network.layers.size() + 1);
    layer.weights = golden::DenseWeights{w};
    layer.bias.setConstant(n, 3);
    network.layers.push_back(layer);
  }
  return network;
}

const MatrixS8& weights(const golden::Network& network, std::size_t layer) {
  return std::get<golden::DenseWeights>(network.layers[layer].weights).w;
}

Index zeros(const MatrixS8& w) { return (w.array() == 0).count(); }

Index zero_columns(const MatrixS8& w) {
  Index count = 0;
  for (Index j = 0; j < w.cols(); ++j) count += w.col(j).isZero() ? 1 : 0;
  return count;
}

TEST_CASE("pruning sets exactly the wanted share of the weights to zero") {
  Generator random(test_seed());
  const golden::Network whole = dense_network(random);
  const double ratio = GENERATE(0.0, 0.05, 0.35, 0.5, 0.7, 0.99);
  INFO("ratio " << ratio);
  for (const Pruning method : {Pruning::random_by_layer, Pruning::unstructured_l1}) {
    const golden::Network pruned = prune(whole, method, ratio, 1);
    for (const std::size_t i : {0, 1, 2})
      CHECK(zeros(weights(pruned, i)) == pruned_count(ratio, weights(pruned, i).size()));
  }
  const golden::Network global = prune(whole, Pruning::random_global, ratio, 1);
  CHECK(zeros(weights(global, 0)) + zeros(weights(global, 1)) + zeros(weights(global, 2)) ==
        pruned_count(ratio, 800 + 240 + 120));
  for (const Pruning method : {Pruning::structured_l1, Pruning::structured_l2}) {
    const golden::Network pruned = prune(whole, method, ratio, 1);
    for (const std::size_t i : {0, 1}) {
      const MatrixS8& w = weights(pruned, i);
      CHECK(zero_columns(w) == pruned_count(ratio, w.cols()));
      CHECK(zeros(w) == zero_columns(w) * w.rows());
    }
    CHECK(zeros(weights(pruned, 2)) == 0);
  }
}

TEST_CASE("a ratio of a count is rounded half to even") {
  REQUIRE(pruned_count(0.35, 39200) == 13720);
  REQUIRE(pruned_count(0.05, 50) == 2);
  REQUIRE(pruned_count(0.15, 50) == 8);
  REQUIRE(pruned_count(0.7, 1000) == 700);
}

TEST_CASE("what is not pruned stays as it was") {
  Generator random(test_seed());
  const golden::Network whole = dense_network(random);
  for (const Pruning method : all_prunings()) {
    const golden::Network pruned = prune(whole, method, 0.4, 1);
    for (const std::size_t i : {0, 1, 2}) {
      const auto& before = weights(whole, i).array();
      const auto& after = weights(pruned, i).array();
      CHECK(((after == 0) || (after == before)).all());
      CHECK(pruned.layers[i].bias == whole.layers[i].bias);
    }
  }
}

TEST_CASE("unstructured L1 removes no weight that is larger than one it keeps") {
  Generator random(test_seed());
  const golden::Network whole = dense_network(random);
  const golden::Network pruned = prune(whole, Pruning::unstructured_l1, 0.35, 1);
  int largest_removed = 0;
  int smallest_kept = 128;
  for (Index i = 0; i < weights(whole, 0).size(); ++i) {
    const int magnitude = std::abs(int{weights(whole, 0).data()[i]});
    if (weights(pruned, 0).data()[i] == 0)
      largest_removed = std::max(largest_removed, magnitude);
    else
      smallest_kept = std::min(smallest_kept, magnitude);
  }
  REQUIRE(largest_removed <= smallest_kept);
}

TEST_CASE("structured L1 and L2 disagree where magnitudes and squares do") {
  golden::Network network;
  for (int i = 0; i < 2; ++i) {
    golden::Layer layer;
    MatrixS8 w(4, 2);
    w << 10, 4, 0, 4, 0, 4, 0, 4;  // columns: L1 10 and 16, L2 squared 100 and 64
    layer.weights = golden::DenseWeights{w};
    network.layers.push_back(layer);
  }
  REQUIRE(weights(prune(network, Pruning::structured_l1, 0.5, 1), 0).col(0).isZero());
  REQUIRE(weights(prune(network, Pruning::structured_l2, 0.5, 1), 0).col(1).isZero());
}

TEST_CASE("random pruning follows its seed") {
  Generator random(test_seed());
  const golden::Network whole = dense_network(random);
  for (const Pruning method : {Pruning::random_by_layer, Pruning::random_global}) {
    const MatrixS8 once = weights(prune(whole, method, 0.3, 1), 0);
    REQUIRE(once == weights(prune(whole, method, 0.3, 1), 0));
    REQUIRE(once != weights(prune(whole, method, 0.3, 2), 0));
  }
}

TEST_CASE("pruning refuses impossible ratios, unknown methods and factorised layers") {
  Generator random(test_seed());
  golden::Network network = dense_network(random);
  for (const double ratio : {-0.1, 1.0, 1.5, std::nan("")})
    REQUIRE_THROWS_AS(prune(network, Pruning::unstructured_l1, ratio, 1), InputError);
  for (const Pruning method : all_prunings()) REQUIRE(parse_pruning(name_of(method)) == method);
  REQUIRE_THROWS_AS(parse_pruning("l1"), InputError);
  network.layers[1].weights = golden::FactorisedWeights{};
  REQUIRE_THROWS_AS(prune(network, Pruning::unstructured_l1, 0.5, 1), InputError);
}

}  // namespace
}  // namespace cfc::compress
