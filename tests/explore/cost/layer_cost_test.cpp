// One layer in closed form against the timing model, field by field.

#include "explore/cost/layer_cost.h"

#include <chrono>

#include <catch2/catch.hpp>

#include "explore/cost/energy.h"
#include "explore/timing/timing_model.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {
namespace {

using explore::LayerCost;
using explore::LayerWidths;

struct Case {
  LayerConfiguration layer;
  LayerWidths widths;
  int input_beat_width{};
};

/// A layer of up to `largest` elements each way with everything drawn at random.
Case random_case(Generator& generator, int largest) {
  const auto coin = [&] { return uniform(generator, 0, 1) == 1; };
  Case drawn;
  LayerConfiguration& layer = drawn.layer;
  layer.shape = {uniform(generator, 1, largest), uniform(generator, 1, largest), {}};
  layer.schedule = static_cast<Schedule>(uniform(generator, 0, 2));
  if (layer.schedule != Schedule::dense) {
    layer.shape.r = uniform(generator, 1, std::min(layer.shape.m, layer.shape.n));
  }
  const auto width = [&](int full) { return coin() ? full : uniform(generator, 1, full); };
  const auto latency = [&] { return coin() ? 0 : uniform(generator, 1, 9); };
  layer.lanes_u = width(layer.shape.m);
  layer.lanes_v = width(layer.shape.n);
  layer.issue = coin() ? Issue::stepped : Issue::overlapped;
  layer.read_latency = latency();
  layer.multiply_latency = coin() ? latency() : 3 * latency();
  layer.adder_latency = latency();
  layer.link_width = width(layer.shape.n);
  layer.psum_storage = coin() ? PsumStorage::registers : PsumStorage::memory;
  const auto bits = [&] { return uniform(generator, 2, 8); };
  drawn.widths = {bits(), bits(), bits(), uniform(generator, 2, 24), coin() ? 8 : 32};
  drawn.input_beat_width = width(layer.shape.m);
  return drawn;
}

RunStatistics alone(const Case& given) {
  return explore::predict({10.0, given.input_beat_width, {given.layer}}, {given.widths}, 1);
}

/// What differs, "" if nothing does.
std::string difference(const LayerCost& cost, const RunStatistics& run) {
  const LayerStatistics& layer = run.layers.front();
  if (cost.compute_cycles != layer.run_cycles) return "compute cycles";
  if (cost.latency_cycles != run.cycles) return "latency";
  if (cost.peak_bits_per_cycle != layer.peak_bits_per_cycle) {
    return "peak: " + std::to_string(cost.peak_bits_per_cycle) + ", timing model " +
           std::to_string(layer.peak_bits_per_cycle);
  }
  for (std::size_t i = 0; i < explore::kMemories; ++i) {
    const std::string name = name_of(static_cast<explore::MemoryId>(i));
    const auto found = layer.memories.find(name);
    const MemoryStatistics expected =
        found == layer.memories.end() ? MemoryStatistics{} : found->second;
    if (!(cost.memories[i] == expected)) return name;
  }
  return "";
}

LayerConfiguration paper_layer(Schedule schedule) {
  LayerConfiguration layer;
  layer.shape = {784, 50, schedule == Schedule::dense ? std::nullopt : std::optional<int>(30)};
  layer.schedule = schedule;
  layer.lanes_u = 784;
  layer.lanes_v = 50;
  layer.link_width = 50;
  return layer;
}

const LayerWidths kPaperWidths{8, 8, 8, 16, 8};

}  // namespace

TEST_CASE("a layer's cost in closed form equals the timing model") {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 20000; ++seed) {
    Generator generator(seed);
    const Case given = random_case(generator, uniform(generator, 1, 40));
    const LayerCost cost = explore::layer_cost(given.layer, given.widths, given.input_beat_width);
    INFO("seed " << seed << '\n' << describe({10.0, given.input_beat_width, {given.layer}}));
    REQUIRE(difference(cost, alone(given)) == "");
  }
}

TEST_CASE("also where layers are large") {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 300; ++seed) {
    Generator generator(seed);
    const Case given = random_case(generator, 500);
    INFO("seed " << seed << '\n' << describe({10.0, given.input_beat_width, {given.layer}}));
    REQUIRE(difference(explore::layer_cost(given.layer, given.widths, given.input_beat_width),
                       alone(given)) == "");
  }
}

TEST_CASE("the comparison of costs notices what is off by one") {
  const Case given{paper_layer(Schedule::streaming), kPaperWidths, 784};
  const RunStatistics run = alone(given);
  const LayerCost right = explore::layer_cost(given.layer, given.widths, 784);
  REQUIRE(difference(right, run) == "");
  LayerCost wrong = right;
  ++wrong.memories[explore::kV].reads.bits;
  CHECK(difference(wrong, run) == "v");
  wrong = right;
  ++wrong.memories[explore::kU].peak_bits_per_cycle;
  CHECK(difference(wrong, run) == "u");
  wrong = right;
  ++wrong.peak_bits_per_cycle;
  CHECK(difference(wrong, run) != "");
}

TEST_CASE("the paper's layer by hand") {
  const LayerCost dense = explore::layer_cost(paper_layer(Schedule::dense), kPaperWidths, 784);
  CHECK(dense.operations == 50);
  CHECK(dense.compute_cycles == 50);
  CHECK(dense.multiplications == 784UL * 50);
  CHECK(dense.multipliers == 784);
  CHECK(dense.accumulators == 1);
  CHECK(dense.utilisation() == 1.0);

  const LayerCost sequential =
      explore::layer_cost(paper_layer(Schedule::sequential), kPaperWidths, 784);
  CHECK(sequential.operations == 80);
  CHECK(sequential.compute_cycles == 80);
  CHECK(sequential.multiplications == 30UL * 784 + 50 * 30);
  CHECK(sequential.accumulators == 2);

  const LayerCost streaming =
      explore::layer_cost(paper_layer(Schedule::streaming), kPaperWidths, 784);
  CHECK(streaming.operations == 31);
  CHECK(streaming.compute_cycles == 31);
  CHECK(streaming.multipliers == 834);
  CHECK(streaming.accumulators == 51);
  CHECK(streaming.latency_cycles == 34);
  CHECK(streaming.utilisation() == Approx(30.0 * 834 / (834 * 31)));
  CHECK(streaming.peak_bits_per_cycle == (784UL + 784 + 50) * 8);
}

TEST_CASE("a million layer costs a second", "[.speed]") {
  Generator generator(1);
  std::vector<Case> cases;
  for (int i = 0; i < 1000; ++i) cases.push_back(random_case(generator, 800));
  std::uint64_t sum = 0;
  constexpr int kRounds = 2000;
  const auto begin = std::chrono::steady_clock::now();
  for (int round = 0; round < kRounds; ++round) {
    for (const Case& each : cases) {
      sum +=
          explore::layer_cost(each.layer, each.widths, each.input_beat_width).peak_bits_per_cycle;
    }
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  const double rate = kRounds * static_cast<double>(cases.size()) / seconds.count();
  WARN("layer costs a second: " << rate << " (sum " << sum << ")");
  CHECK(rate > 1e6);
}

}  // namespace cfc::testing
