// Lanes that a bandwidth can feed, and the roofline.

#include <catch2/catch.hpp>

#include "explore/cost/bandwidth_fit.h"
#include "explore/cost/roofline.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {

using namespace explore;

namespace {

/// No fewer lanes make as few tiles.
bool is_fewest(int lanes, int elements) {
  return lanes ==
         LayerConfiguration::ceil_div(elements, LayerConfiguration::ceil_div(elements, lanes));
}

}  // namespace

TEST_CASE("no other lanes within the budget are faster, or as fast with fewer multipliers") {
  const std::uint64_t first = test_seed();
  int narrowed = 0;
  int impossible = 0;
  for (std::uint64_t seed = first; seed < first + 300; ++seed) {
    Generator generator(seed);
    const golden::Network network = random_network(generator);
    const Configuration configuration = random_configuration(generator, network);
    const LayerConfiguration& layer = configuration.layers.front();
    const LayerWidths widths = widths_of(network).front();
    const std::uint64_t most = layer_cost(layer, widths, 1).run_peak_bits_per_cycle;
    const auto budget =
        static_cast<std::uint64_t>(uniform(generator, 1, static_cast<int>(most) + 10));
    const auto fitted = fit_bandwidth(layer, widths, budget);
    INFO("seed " << seed << ", budget " << budget << '\n' << describe(configuration));
    if (fitted) CHECK(layer_cost(*fitted, widths, 1).run_peak_bits_per_cycle <= budget);
    if (!fitted) ++impossible;
    if (fitted && fitted->lanes_u < layer.lanes_u) ++narrowed;
    bool any = false;
    for (int u = 1; u <= layer.lanes_u; ++u) {
      for (int v = 1; v <= layer.lanes_v; ++v) {
        if (!is_fewest(u, layer.shape.m) || !is_fewest(v, layer.vector_v())) continue;
        LayerConfiguration other = layer;
        other.lanes_u = u;
        other.lanes_v = v;
        const LayerCost cost = layer_cost(other, widths, 1);
        if (cost.run_peak_bits_per_cycle > budget) continue;
        any = true;
        if (!fitted) continue;
        const LayerCost best = layer_cost(*fitted, widths, 1);
        if (cost.compute_cycles < best.compute_cycles) FAIL("faster: " << u << ", " << v);
        if (layer.schedule == Schedule::dense) continue;
        if (cost.compute_cycles == best.compute_cycles && cost.multipliers < best.multipliers) {
          FAIL("smaller: " << u << ", " << v);
        }
      }
    }
    CHECK(any == fitted.has_value());
  }
  CHECK(narrowed > 50);
  CHECK(impossible > 5);
}

TEST_CASE("the roofline of the paper's layer by hand") {
  LayerConfiguration layer;
  layer.shape = {784, 50, {}};
  layer.schedule = Schedule::dense;
  layer.lanes_u = 784;
  const Roofline line = roofline(layer, {8, 0, 0, 0, 8});
  // 50 cycles of 784 products; 784 inputs, 784 weights and an output each.
  CHECK(line.operations_per_byte == Approx(2.0 * 784 / (784 + 784 + 1)));
  CHECK(line.bytes_per_cycle == 784 + 784 + 1);
  CHECK(line.peak_operations_per_cycle == 2 * 784);
  CHECK(line.operations_per_cycle == 2 * 784);
  CHECK(line.attainable_operations_per_cycle == Approx(2 * 784));
}

TEST_CASE("no layer rises above its roof") {
  const std::uint64_t first = test_seed();
  int memory_bound = 0;
  for (std::uint64_t seed = first; seed < first + 2000; ++seed) {
    Generator generator(seed);
    const golden::Network network = random_network(generator);
    const Configuration configuration = random_configuration(generator, network);
    const auto widths = widths_of(network);
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const Roofline line = roofline(configuration.layers[i], widths[i]);
      INFO("seed " << seed << ", layer " << i + 1 << '\n' << describe(configuration));
      CHECK(line.operations_per_cycle <= line.attainable_operations_per_cycle * (1 + 1e-9));
      CHECK(line.attainable_operations_per_cycle <= line.peak_operations_per_cycle);
      if (line.is_memory_bound) ++memory_bound;
    }
  }
  CHECK(memory_bound > 100);
}

}  // namespace cfc::testing
