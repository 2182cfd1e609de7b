#include "compress/search/integer_evaluator.h"

#include <future>

#include <catch2/catch.hpp>

#include "compress/methods/low_rank.h"
#include "golden/inference.h"
#include "support/error.h"
#include "tests/compress/helpers/random_dense_network.h"

namespace cfc::compress {
namespace {

using cfc::testing::Generator;
using cfc::testing::random_dense_network;
using cfc::testing::random_labels_on;
using cfc::testing::seed_everything;
using golden::MatrixS8;

double golden_share(const golden::Network& network, const golden::Dataset& data) {
  return golden::accuracy(golden::infer(network, data.images).classes, data.labels);
}

TEST_CASE("the evaluator agrees with the golden model, whatever layer is factorised") {
  Generator random = seed_everything();
  for (const golden::Index pixels : {64, 784}) {
    golden::Network network = random_dense_network(random, pixels);
    golden::Dataset data = random_labels_on(random, pixels);
    // Make the network right on most images, so that one wrong class shows.
    const auto classes = golden::infer(network, data.images).classes;
    for (std::size_t i = 0; i < 250; ++i) data.labels[i] = static_cast<std::uint8_t>(classes[i]);
    const IntegerEvaluator evaluator(network, data);
    CHECK(evaluator.accuracy() == golden_share(network, data));

    for (const int layer : {1, 2, 3}) {
      golden::Network changed = network;
      golden::Layer& target = changed.layers[static_cast<std::size_t>(layer) - 1];
      const SingularValues decomposition(std::get<golden::DenseWeights>(target.weights).w);
      const golden::Layer dense = target;
      const IntegerFactors all = decomposition.factors(8);
      const std::vector<double> prefixes = evaluator.accuracies_of_prefixes(layer, all.u, all.v);
      REQUIRE(prefixes.size() == 8);
      for (golden::Index rank = 1; rank <= 8; ++rank) {
        const IntegerFactors factors = decomposition.factors(rank);
        target = with_factors(dense, factors);
        const double expected = golden_share(changed, data);
        INFO(pixels << " pixels, layer " << layer << ", rank " << rank);
        CHECK(evaluator.accuracy_with(layer, product(factors)) == expected);
        CHECK(prefixes[static_cast<std::size_t>(rank) - 1] == expected);
      }
    }
  }
}

/// How often a network that makes no mistakes seems to make some.
int mistakes_with_itself(const IntegerEvaluator& evaluator, const golden::Network& network,
                         int layer) {
  const golden::Layer& replaced = network.layers[static_cast<std::size_t>(layer) - 1];
  const auto& w = std::get<golden::DenseWeights>(replaced.weights).w;
  const golden::MatrixS32 same = w.cast<std::int32_t>();
  int mistakes = 0;
  for (int i = 0; i < 5000; ++i) mistakes += evaluator.accuracy_with(layer, same) != 1.0 ? 1 : 0;
  return mistakes;
}

TEST_CASE("threads that use one evaluator at once do not disturb each other") {
  Generator random = seed_everything();
  const golden::Network network = random_dense_network(random, 64);
  golden::Dataset data = random_labels_on(random, 64);
  const auto classes = golden::infer(network, data.images).classes;
  data.labels.assign(classes.begin(), classes.end());
  const IntegerEvaluator evaluator(network, data);
  std::vector<std::future<int>> threads;  // of different layers: equal products would hide it
  for (const int layer : {1, 2, 3})
    threads.push_back(std::async(std::launch::async, mistakes_with_itself, std::cref(evaluator),
                                 std::cref(network), layer));
  for (std::future<int>& thread : threads) CHECK(thread.get() == 0);
}

TEST_CASE("the evaluator refuses images of another size and factorised networks") {
  Generator random = seed_everything();
  golden::Network network = random_dense_network(random, 64);
  const golden::Dataset data = random_labels_on(random, 64);
  REQUIRE_THROWS_AS(IntegerEvaluator(network, random_labels_on(random, 65)), InputError);
  network.layers[1] =
      with_factors(network.layers[1], {MatrixS8::Ones(20, 2), MatrixS8::Ones(2, 16)});
  REQUIRE_THROWS_AS(IntegerEvaluator(network, data), InputError);
}

}  // namespace
}  // namespace cfc::compress
