// Engines of the timing model: the closed forms of docs/reference/timing.md against the cycles one
// by one, for every small layer there is, and for large ones drawn at random.

#include <utility>

#include <catch2/catch.hpp>

#include "explore/timing/engine_factory.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {
namespace {

using explore::Cycle;
using explore::Engine;
using explore::LayerWidths;
using explore::MemoryId;
using explore::Peaks;

const LayerWidths kWidths{7, 5, 6, 11, 8};  // no two sums of them alike

/// Cycles of Run as the timing page has them.
Cycle cycles_of_the_page(const LayerConfiguration& layer) {
  const Cycle latencies = layer.read_latency + layer.multiply_latency + layer.adder_latency;
  const bool stepped = layer.issue == Issue::stepped;
  const Cycle ii = stepped ? 3 + latencies : 1;
  const Cycle d = (stepped ? 0 : latencies) + layer.requantise_latency;
  const Cycle n = layer.shape.n;
  const Cycle r = layer.shape.r.value_or(0);
  const Cycle t_u = (layer.shape.m + layer.lanes_u - 1) / layer.lanes_u;
  const Cycle t_v = (n + layer.lanes_v - 1) / layer.lanes_v;
  const Cycle t_z = (r + layer.lanes_v - 1) / layer.lanes_v;
  if (layer.schedule == Schedule::dense) return ii * n * t_u + d;
  if (layer.schedule == Schedule::sequential) return ii * r * t_u + d + ii * n * t_z + d;
  const Cycle d_v = layer.v_read_latency + layer.multiply_latency + layer.requantise_latency;
  return ii * t_u + d + (r - 1) * std::max(ii * t_u, t_v) + t_v + d_v;
}

/// What the cycles of Run move, one by one.
struct Walk {
  Peaks peaks;
  explore::MemoryBits moved{};
};

Walk walk(const Engine& engine) {
  Walk walk;
  for (Cycle cycle = 0; cycle < engine.cycles(); ++cycle) {
    const explore::MemoryBits moved = engine.bits_at(cycle);
    walk.peaks.book(moved);
    for (std::size_t i = 0; i < moved.size(); ++i) walk.moved[i] += moved[i];
  }
  return walk;
}

/// The first closed form that the cycles do not bear out, "" if there is none.
std::string fault(const LayerConfiguration& layer, const Engine& engine) {
  if (engine.cycles() != cycles_of_the_page(layer)) return "cycles";
  const Walk walked = walk(engine);
  if (engine.peaks(0).memory != walked.peaks.memory) return "peaks of memories";
  if (engine.peaks(0).layer != walked.peaks.layer) return "peak of the layer";
  const explore::MemoryArray accesses = engine.accesses();
  for (std::size_t i = 0; i < explore::kMemories; ++i) {
    const std::uint64_t bits = accesses[i].reads.bits + accesses[i].writes.bits;
    if (bits != walked.moved[i]) return "bits of " + std::string(name_of(MemoryId(i)));
    if (bits > 0 && !engine.has(MemoryId(i))) return "a memory that is not there";
  }
  if (walked.peaks.layer > engine.port_bits()) return "more bits than the ports can move";
  const std::vector<Cycle> beats = engine.beats_available();
  if (beats.size() != static_cast<std::size_t>(layer.output_beats())) return "number of beats";
  if (beats.back() != engine.cycles()) return "last beat";
  if (layer.sends_at_the_end() && beats.front() != engine.cycles()) return "first beat";
  for (const auto& [controller, ledger] : engine.busy()) {
    std::uint64_t booked = 0;
    for (const auto& [entry, cycles] : ledger) booked += cycles;
    if (booked > static_cast<std::uint64_t>(engine.cycles())) return "ledger of " + controller;
  }
  return "";
}

std::string fault(const LayerConfiguration& layer) {
  return explore::with_engine(layer, kWidths,
                              [&](const Engine& engine) { return fault(layer, engine); });
}

/// Every layer of at most `largest` elements each way.
std::vector<LayerConfiguration> small_shapes(Schedule schedule, int largest) {
  std::vector<LayerConfiguration> all;
  for (int m = 1; m <= largest; ++m) {
    for (int n = 1; n <= largest; ++n) {
      for (int r = 1; r <= (uses_factors(schedule) ? std::min(m, n) : 1); ++r) {
        LayerConfiguration layer;
        layer.schedule = schedule;
        layer.shape = {m, n, {}};
        if (uses_factors(schedule)) layer.shape.r = r;
        all.push_back(layer);
      }
    }
  }
  return all;
}

/// The layer with each number of lanes, each kind of issue and each storage of sums.
template <typename Visit>
void for_each_machine(LayerConfiguration layer, const Visit& visit) {
  for (layer.lanes_u = 1; layer.lanes_u <= layer.shape.m; ++layer.lanes_u) {
    for (layer.lanes_v = 1; layer.lanes_v <= layer.vector_v(); ++layer.lanes_v) {
      for (const Issue issue : kIssues) {
        for (const PsumStorage storage : kPsumStorages) {
          layer.issue = issue;
          layer.psum_storage = storage;
          visit(layer);
        }
      }
    }
  }
}

/// And with each mixture of latencies that are none, one and as long as an operation or longer.
template <typename Visit>
void for_each_latency(LayerConfiguration layer, const Visit& visit) {
  for (const int read : {0, 2}) {
    for (const int multiply : {0, 1, 4, 9}) {
      for (const int adder : {0, 3}) {
        for (const auto& [requantise, v_read] : {std::pair{0, 0}, {1, 0}, {0, 3}, {1, 2}}) {
          layer.read_latency = read;
          layer.multiply_latency = multiply;
          layer.adder_latency = adder;
          layer.requantise_latency = requantise;
          layer.v_read_latency = v_read;
          visit(layer);
        }
      }
    }
  }
}

TEST_CASE("closed forms of every engine for every small layer") {
  constexpr int kLargest = 5;
  int checked = 0;
  for (const Schedule schedule : kSchedules) {
    for (const LayerConfiguration& shape : small_shapes(schedule, kLargest)) {
      for_each_machine(shape, [&](const LayerConfiguration& machine) {
        for_each_latency(machine, [&](const LayerConfiguration& layer) {
          ++checked;
          const std::string wrong = fault(layer);
          if (wrong.empty()) return;
          FAIL(wrong << '\n' << describe({10.0, 1, {layer}}));
        });
      });
    }
  }
  CHECK(checked > 50000);
}

TEST_CASE("closed forms of engines for layers drawn at random") {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 2000; ++seed) {
    Generator generator(seed);
    const Configuration configuration = random_configuration(generator, random_network(generator));
    for (const LayerConfiguration& layer : configuration.layers) {
      INFO("seed " << seed << '\n' << describe(configuration));
      REQUIRE(fault(layer) == "");
    }
  }
}

TEST_CASE("the check of closed forms notices another machine") {
  LayerConfiguration layer;
  layer.schedule = Schedule::streaming;
  layer.shape = {4, 4, 3};
  layer.lanes_u = layer.lanes_v = 2;
  REQUIRE(fault(layer) == "");
  const auto engine = explore::make_engine(layer, kWidths);
  LayerConfiguration other = layer;
  other.multiply_latency = 1;
  CHECK(fault(other, *engine) == "cycles");
  other = layer;
  other.link_width = 3;
  CHECK(fault(other, *engine) == "number of beats");
}

TEST_CASE("the factory answers for every schedule, with and without memory") {
  for (const Schedule schedule : kSchedules) {
    LayerConfiguration layer;
    layer.schedule = schedule;
    layer.shape = {6, 5, {}};
    if (uses_factors(schedule)) layer.shape.r = 3;
    const auto engine = explore::make_engine(layer, kWidths);
    INFO(to_string(schedule));
    REQUIRE(engine);
    CHECK(fault(layer, *engine) == "");
    CHECK(engine->has(explore::kInput));
    CHECK(engine->has(explore::kOutput));
    CHECK(engine->has(explore::kW) == !uses_factors(schedule));
    CHECK(engine->has(explore::kU) == uses_factors(schedule));
    CHECK(engine->multipliers() >= 1);
    CHECK(engine->accumulators() >= 1);
  }
}

TEST_CASE("the factories refuse a schedule that is none") {
  LayerConfiguration layer;
  layer.shape = {6, 5, 3};
  layer.schedule = static_cast<Schedule>(kSchedules.size());
  CHECK_THROWS_AS(explore::make_engine(layer, kWidths), std::logic_error);
  CHECK_THROWS_AS(traits_of(layer.schedule), std::logic_error);
}

}  // namespace
}  // namespace cfc::testing
