// The SystemC accelerator against the golden model and the closed forms, on random networks and
// configurations.

#include <string>

#include <gtest/gtest.h>

#include "golden/inference.h"
#include "testbench/accelerator_bench.h"
#include "testbench/scoreboard.h"
#include "tests/helpers/isolated.h"
#include "tests/helpers/link_stalls.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {
namespace {

using golden::Index;

/// DESIGN's closed form, written here a second time on purpose: the test's own answer.
std::uint64_t expected_run_cycles(const LayerConfiguration& layer) {
  const int latencies = layer.read_latency + layer.multiply_latency + layer.adder_latency;
  const int period = layer.issue == Issue::stepped ? 3 + latencies : 1;
  const int depth = (layer.issue == Issue::stepped ? 0 : latencies) + layer.requantise_latency;
  const auto tiles = [](int elements, int lanes) { return (elements + lanes - 1) / lanes; };
  const int t_u = tiles(layer.shape.m, layer.lanes_u);
  const int n = layer.shape.n;
  const int r = layer.shape.r.value_or(0);
  int cycles = 0;
  switch (layer.schedule) {
    case Schedule::dense:
      cycles = period * n * t_u + depth;
      break;
    case Schedule::sequential:
      cycles = period * r * t_u + depth + period * n * tiles(r, layer.lanes_v) + depth;
      break;
    case Schedule::streaming: {
      const int t_v = tiles(n, layer.lanes_v);
      cycles = period * t_u + depth + (r - 1) * std::max(period * t_u, t_v) + t_v +
               layer.v_read_latency + layer.multiply_latency + layer.requantise_latency;
      break;
    }
  }
  return static_cast<std::uint64_t>(cycles);
}

/// Everything that must hold of the statistics of a finished run, stalls or not.
std::string check_statistics(const Configuration& configuration, const RunStatistics& run) {
  std::string wrong;
  const auto expect = [&](const std::string& what, std::uint64_t expected, std::uint64_t actual) {
    if (expected == actual) return;
    wrong +=
        what + ": expected " + std::to_string(expected) + ", got " + std::to_string(actual) + '\n';
  };
  for (std::size_t i = 0; i < run.layers.size(); ++i) {
    const LayerConfiguration& layer = configuration.layers[i];
    const LayerStatistics& measured = run.layers[i];
    const std::string name = "layer " + std::to_string(i + 1);
    expect(name + " images", run.images, measured.images);
    expect(name + " run cycles", run.images * expected_run_cycles(layer), measured.run_cycles);
    for (const auto& [controller, ledger] : measured.controllers) {
      std::uint64_t sum = 0;
      for (const auto& [entry, cycles] : ledger) sum += cycles;
      expect(name + ' ' + controller + " ledger", run.cycles, sum);
    }
    // Every multiplication has read its operands, and nothing else has.
    const auto m = static_cast<std::uint64_t>(layer.shape.m);
    const auto n = static_cast<std::uint64_t>(layer.shape.n);
    const auto r = static_cast<std::uint64_t>(layer.shape.r.value_or(0));
    const auto reads = [&](const char* memory) {
      return measured.memories.at(memory).reads.elements;
    };
    const auto writes = [&](const char* memory) {
      return measured.memories.at(memory).writes.elements;
    };
    expect(name + " input written", run.images * m, writes("input"));
    expect(name + " output written", run.images * n, writes("output"));
    expect(name + " output read", run.images * n, reads("output"));
    if (layer.schedule == Schedule::dense) {
      expect(name + " w read", run.images * m * n, reads("w"));
      expect(name + " input read", run.images * m * n, reads("input"));
    } else {
      expect(name + " u read", run.images * m * r, reads("u"));
      expect(name + " v read", run.images * r * n, reads("v"));
      expect(name + " input read", run.images * m * r, reads("input"));
    }
    if (layer.schedule == Schedule::sequential) {
      expect(name + " z written", run.images * r, writes("z"));
      expect(name + " z read", run.images * r * n, reads("z"));
    }
    if (measured.memories.count("psum") > 0) {
      expect(name + " psum written", run.images * (r - 1) * n, writes("psum"));
      expect(name + " psum read", run.images * (r - 1) * n, reads("psum"));
    }
  }
  return wrong;
}

std::string check_values(const Verdict& verdict, std::uint64_t images) {
  std::string wrong;
  if (verdict.images != images) {
    wrong += "only " + std::to_string(verdict.images) + " images came out\n";
  }
  for (const std::string& example : verdict.examples) wrong += example + '\n';
  return wrong;
}

void run_to_the_end(AcceleratorBench& bench) {
  constexpr int kPatience = 5000;  // stretches of 1,000 cycles, far above any case here
  for (int i = 0; i < kPatience && !bench.finished(); ++i) bench.run(1000);
}

/// A random network on random images in a random configuration; `stalls` break every link off now
/// and then.
std::string check_random_case(std::uint64_t seed, bool with_stalls) {
  Generator generator(seed);
  const golden::Network network = random_network(generator);
  const Configuration configuration = random_configuration(generator, network);
  const golden::MatrixU8 images =
      random_images(generator, uniform(generator, 1, 12), network.inputs());
  const golden::InferenceResult expected = golden::infer(network, images);
  const std::vector<golden::Label> labels(static_cast<std::size_t>(images.rows()));
  LinkBreaks breaks;

  AcceleratorBench bench("bench", network, configuration, images, 0, images.rows(),
                         with_stalls ? &breaks : nullptr);
  RandomStalls stalls("stalls", breaks, configuration.clock_period_ns, seed);
  Scoreboard scoreboard(network, expected, labels, 0, 0, images.rows());
  scoreboard.attach(bench.accelerator(), bench.sink());
  const auto count = static_cast<std::uint64_t>(images.rows());
  bench.record_after(count);
  bench.reset();
  run_to_the_end(bench);

  std::string wrong = check_values(scoreboard.verdict(), count);
  if (bench.finished()) wrong += check_statistics(configuration, bench.recorded_after(count));
  return wrong.empty() ? wrong
                       : "seed " + std::to_string(seed) + '\n' + describe(configuration) + wrong;
}

TEST(Accelerator, EqualsGoldenAndClosedFormsOnRandomCases) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 500; ++seed) {
    EXPECT_EQ(isolated([&] { return check_random_case(seed, false); }), "");
  }
}

TEST(Accelerator, KeepsValuesAndComputeCyclesUnderRandomStallsOnEveryLink) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 300; ++seed) {
    EXPECT_EQ(isolated([&] { return check_random_case(seed, true); }), "");
  }
}

}  // namespace
}  // namespace cfc::testing
