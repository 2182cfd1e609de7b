// The timing model by hand: the paper's counts, the worked example of docs/reference/timing.md, and
// that streams which repeat themselves may be cut short.

#include <chrono>

#include <catch2/catch.hpp>

#include "explore/timing/engine_factory.h"
#include "explore/timing/timing_model.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {
namespace {

using explore::LayerWidths;

/// The paper's first layer, one tile an operation.
LayerConfiguration paper_layer(Schedule schedule) {
  LayerConfiguration layer;
  layer.shape = {784, 50, 30};
  layer.schedule = schedule;
  layer.lanes_u = 784;
  layer.lanes_v = 50;
  layer.link_width = 50;
  return layer;
}

explore::Cycle compute_cycles(const LayerConfiguration& layer) {
  return explore::make_engine(layer, {})->cycles();
}

TEST_CASE("compute cycles of the paper's three schedules") {
  CHECK(compute_cycles(paper_layer(Schedule::dense)) == 50);
  CHECK(compute_cycles(paper_layer(Schedule::sequential)) == 30 + 50);
  CHECK(compute_cycles(paper_layer(Schedule::streaming)) == 30 + 1);
}

TEST_CASE("compute cycles with tiles and latencies, by hand") {
  LayerConfiguration layer = paper_layer(Schedule::streaming);
  layer.lanes_u = 100;  // 8 tiles
  layer.lanes_v = 4;    // 13 tiles of V, 8 of z
  layer.read_latency = 1;
  layer.multiply_latency = 2;
  layer.adder_latency = 3;
  CHECK(compute_cycles(layer) == 8 + 6 + 29 * 13 + 13 + 2);
  layer.schedule = Schedule::sequential;
  CHECK(compute_cycles(layer) == 30 * 8 + 6 + 50 * 8 + 6);
  layer.schedule = Schedule::dense;
  CHECK(compute_cycles(layer) == 50 * 8 + 6);
  layer.issue = Issue::stepped;  // a tile every 9 cycles, nothing to drain
  CHECK(compute_cycles(layer) == 50 * 8 * 9);
  layer.schedule = Schedule::streaming;
  CHECK(compute_cycles(layer) == 72 + 29 * 72 + 13 + 2);
}

TEST_CASE("worked example of the timing reference") {
  const Configuration configuration{10.0, 784, {paper_layer(Schedule::streaming)}};
  const RunStatistics run = explore::predict(configuration, {LayerWidths{0, 8, 8, 8, 32}}, 1);
  CHECK(run.images == 1);
  CHECK(run.cycles == 34);  // 0 to 33
  REQUIRE(run.layers.size() == 1);
  const LayerStatistics& layer = run.layers.front();
  CHECK(layer.run_cycles == 31);
  CHECK(layer.controllers.at("l_scm") ==
        Ledger{{"idle", 1}, {"load", 1}, {"run", 31}, {"send", 1}});
  CHECK(layer.controllers.at("mcm") == Ledger{{"write", 2}, {"read", 32}});
  CHECK(layer.controllers.at("dcl") == Ledger{{"compute", 30}, {"idle", 4}});
  CHECK(layer.controllers.at("dil") == Ledger{{"run", 30}, {"idle", 4}});
  CHECK(layer.memories.count("psum") == 0);
  const MemoryStatistics& u = layer.memories.at("u");
  CHECK(u.reads == AccessCounters{30, 30UL * 784, 30UL * 784 * 8});
  CHECK(u.writes == AccessCounters{});
  CHECK(u.peak_bits_per_cycle == 784UL * 8);
  const MemoryStatistics& output = layer.memories.at("output");
  CHECK(output.writes == AccessCounters{1, 50, 50UL * 32});
  CHECK(output.reads == AccessCounters{1, 50, 50UL * 32});
  // Cycles 3 to 31: a tile of inputs, of U and of V.
  CHECK(layer.peak_bits_per_cycle == (784UL + 784 + 50) * 8);
}

TEST_CASE("an image is written in the cycle in which the last output of the one before is read") {
  LayerConfiguration layer;
  layer.shape = {100, 1, {}};
  layer.schedule = Schedule::dense;
  const Configuration configuration{10.0, 100, {layer}};
  const std::vector<LayerWidths> widths{{8, 0, 0, 0, 32}};
  // Transfer in cycle 0, Load in 1, Run in 2 to 101. In 102, the only cycle of Send, the one output
  // stands at its port and the buffer, free again, takes the second image.
  const RunStatistics run = explore::predict(configuration, widths, 2);
  CHECK(run.cycles == 103 + 102);
  const LayerStatistics& statistics = run.layers.front();
  CHECK(statistics.memories.at("input").peak_bits_per_cycle == 100UL * 8);
  CHECK(statistics.peak_bits_per_cycle == 100UL * 8 + 32);
}

TEST_CASE("a stream cut short equals the stream image by image") {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 300; ++seed) {
    Generator generator(seed);
    const golden::Network network = random_network(generator);
    const Configuration configuration = random_configuration(generator, network);
    const auto widths = explore::widths_of(network);
    const auto images = static_cast<std::uint64_t>(uniform(generator, 1, 400));
    INFO("seed " << seed << ", " << images << " images\n" << describe(configuration));
    CHECK(explore::predict(configuration, widths, images) ==
          explore::predict_every_image(configuration, widths, images));
  }
}

TEST_CASE("9,000 images through a large network take no time") {
  LayerConfiguration first = paper_layer(Schedule::streaming);
  first.lanes_u = 8;
  first.link_width = 3;
  first.input_buffers = 2;
  LayerConfiguration second;
  second.shape = {50, 10, {}};
  second.schedule = Schedule::dense;
  second.lanes_u = 1;
  const Configuration configuration{10.0, 1, {first, second}};
  const std::vector<LayerWidths> widths{{0, 8, 8, 8, 8}, {8, 0, 0, 0, 32}};

  const auto begin = std::chrono::steady_clock::now();
  const RunStatistics cut_short = explore::predict(configuration, widths, 9000);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  CHECK(seconds.count() < 0.5);
  CHECK(cut_short == explore::predict_every_image(configuration, widths, 9000));
}

}  // namespace
}  // namespace cfc::testing
