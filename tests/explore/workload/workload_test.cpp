// Workloads: what their files say, what is refused, and that time and accesses add up over chains.

#include "explore/workload/workload.h"

#include <catch2/catch.hpp>

#include "configuration/configuration_file.h"
#include "explore/cost/countable.h"
#include "explore/timing/timing_model.h"
#include "explore/timing/workload_run.h"
#include "explore/workload/random_network.h"
#include "golden/inference.h"
#include "support/error.h"
#include "tests/helpers/child_process.h"
#include "tests/helpers/random_networks.h"
#include "tests/helpers/temporary_folder.h"

using namespace cfc::explore;
using Catch::Contains;
using cfc::Configuration;
using cfc::LayerShape;
using cfc::RunStatistics;
using cfc::Schedule;
using cfc::Settings;
using cfc::testing::Generator;
using cfc::testing::input_error;
using cfc::testing::TemporaryFolder;
using cfc::testing::test_seed;
using cfc::testing::uniform;
using cfc::testing::write_file;

namespace {

const std::string kHead = "schema: cfcsim.workload/1\nname: w\nsource: here\nlayers:\n";

Workload workload_from(const std::string& yaml) {
  const TemporaryFolder folder;
  write_file(folder / "w.yaml", yaml);
  return read_workload(folder / "w.yaml");
}

Workload layers(const std::string& lines) { return workload_from(kHead + lines); }

std::string refusal(const std::string& lines) {
  return input_error([&] { layers(lines); });
}

/// Layers of any shape, many of which feed the next.
Workload random_workload(Generator& generator) {
  Workload workload;
  const int count = uniform(generator, 1, 5);
  for (int i = 0; i < count; ++i) {
    WorkloadLayer layer;
    layer.name = "l" + std::to_string(i);
    const bool feeds = i > 0 && uniform(generator, 0, 2) > 0;
    layer.shape.m = feeds ? workload.layers.back().shape.n : uniform(generator, 1, 30);
    layer.shape.n = uniform(generator, 1, 30);
    layer.vectors = feeds ? workload.layers.back().vectors
                          : static_cast<std::uint64_t>(uniform(generator, 1, 3));
    layer.repeat = feeds ? workload.layers.back().repeat
                         : static_cast<std::uint64_t>(uniform(generator, 1, 3));
    layer.widths = {uniform(generator, 2, 8), 0, 0, 0, i + 1 == count ? 32 : 8};
    if (uniform(generator, 0, 3) > 0) {
      layer.shape.r = uniform(generator, 1, std::min(layer.shape.m, layer.shape.n));
      layer.widths.u_bits = layer.widths.weights_bits;
      layer.widths.v_bits = uniform(generator, 2, 8);
      layer.widths.z_bits = uniform(generator, 2, 24);
    }
    workload.layers.push_back(layer);
  }
  return workload;
}

std::uint64_t words(const RunStatistics& run, std::size_t layer) {
  std::uint64_t sum = 0;
  for (const auto& [name, memory] : run.layers[layer].memories) {
    sum += memory.reads.words + memory.writes.words;
  }
  return sum;
}

}  // namespace

TEST_CASE("a workload's file says shapes, widths and how often") {
  const Workload workload = layers(
      "  - {name: up, m: 768, n: 3072, r: 256, weight_bits: 4, z_bits: 9, vectors: 7, repeat: 3,\n"
      "     density: {weights: 0.25}}\n"
      "  - {name: down, m: 3072, n: 768, compression: 0.36, vectors: 7, repeat: 3, output_bits: "
      "8}\n"
      "  - {name: head, m: 768, n: 2}\n");
  CHECK(workload.name == "w");
  CHECK(workload.source == "here");
  const WorkloadLayer& up = workload.layers[0];
  CHECK(up.shape.r == 256);
  CHECK(up.widths.u_bits == 4);
  CHECK(up.widths.v_bits == 4);
  CHECK(up.widths.weights_bits == 4);
  CHECK(up.widths.z_bits == 9);
  CHECK(up.widths.output_bits == 8);
  CHECK(up.weight_density == 0.25);
  CHECK(up.input_density == 1);
  // .64 x 3072 x 768 / 3840 = 393.2
  CHECK(workload.layers[1].shape.r == 393);
  CHECK(workload.layers[1].widths.z_bits == 8);
  CHECK_FALSE(workload.layers[2].shape.r);
  CHECK(workload.layers[2].widths.output_bits == 32);

  const std::vector<Chain> chains = workload.chains();
  REQUIRE(chains.size() == 2);  // the head sees one vector, once
  CHECK(chains[0].first == 0);
  CHECK(chains[0].widths.size() == 2);
  CHECK(chains[0].vectors == 7);
  CHECK(chains[0].repeat == 3);
  CHECK(chains[1].first == 2);
}

TEST_CASE("sums are no inputs: behind them a new chain begins") {
  const Workload workload =
      layers("  - {name: a, m: 4, n: 4, output_bits: 32}\n  - {name: b, m: 4, n: 4}\n");
  CHECK(workload.chains().size() == 2);
}

TEST_CASE("what a workload cannot be is refused by file, line and key") {
  CHECK_THAT(
      refusal("  - {name: a, m: 4, n: 4, rank: 2}\n"),
      Contains("w.yaml:5: unknown key `rank`; the keys here are") && Contains("compression"));
  CHECK_THAT(refusal("  - {name: a, m: 0, n: 4}\n"), Contains("w.yaml:5: key `m`"));
  CHECK_THAT(refusal("  - {name: a, m: 4, n: 65537}\n"), Contains("key `n`"));
  CHECK_THAT(refusal("  - {name: a, m: 4, n: 3, r: 4}\n"),
             Contains("key `r`") && Contains("1 to 3"));
  CHECK_THAT(refusal("  - {name: a, m: 4, n: 4, r: 1, compression: 0.5}\n"),
             Contains("give r or compression"));
  CHECK_THAT(refusal("  - {name: a, m: 64, n: 1, compression: 0.36}\n"),
             Contains("key `compression`") && Contains("leaves no rank"));
  CHECK_THAT(refusal("  - {name: a, m: 64, n: 1, compression: 1.5}\n"), Contains("from 0 to 1"));
  CHECK_THAT(refusal("  - {name: a, m: 4, n: 4, z_bits: 8}\n"), Contains("unknown key `z_bits`"));
  CHECK_THAT(refusal("  - {name: a, m: 4, n: 4, output_bits: 16}\n"),
             Contains("key `output_bits`: give 8"));
  CHECK_THAT(refusal("  - {name: a, m: 4, n: 4, density: 0.5}\n"),
             Contains("key `density`: a map"));
  CHECK_THAT(refusal("  - {name: a, m: 4, n: 4, density: {weights: 2}}\n"),
             Contains("key `weights`"));
  CHECK_THAT(refusal("  - {name: a, m: 4, n: 4}\n  - {name: a, m: 4, n: 4}\n"),
             Contains("two are called a"));
  CHECK_THAT(refusal("  []\n"), Contains("key `layers`"));
  CHECK_THAT(input_error([] { workload_from("schema: cfcsim.energy/1\n"); }),
             Contains("key `schema`: should be cfcsim.workload/1"));
  CHECK_THAT(input_error([] { read_workload("/nowhere/w.yaml"); }), Contains("give a workload"));
}

TEST_CASE("a network is a workload of one chain, with the same time and accesses") {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 100; ++seed) {
    INFO("seed " << seed);
    Generator generator(seed);
    const auto network = cfc::testing::random_network(generator);
    const Configuration configuration = cfc::testing::random_configuration(generator, network);
    const Workload workload = workload_of(network);
    REQUIRE(workload.chains().size() == 1);
    const RunStatistics whole = predict(configuration, workload, 3);
    CHECK(whole == predict(configuration, widths_of(network), 3));
  }
}

TEST_CASE("over chains, vectors and repeats, time and accesses add up") {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 100; ++seed) {
    INFO("seed " << seed);
    Generator generator(seed);
    const Workload workload = random_workload(generator);
    const Configuration whole = cfc::explore::resolve(Settings{}, workload);
    const auto inferences = static_cast<std::uint64_t>(uniform(generator, 1, 4));
    const RunStatistics run = predict(whole, workload, inferences);
    CHECK(run.images == inferences);

    // Each chain as a network of its own, with links of its own width.
    std::uint64_t cycles = 0;
    std::size_t layer = 0;
    for (const Chain& chain : workload.chains()) {
      std::vector<LayerShape> shapes;
      for (std::size_t i = 0; i < chain.widths.size(); ++i) {
        shapes.push_back(workload.layers[layer + i].shape);
      }
      const Configuration alone = resolve(Settings{}, shapes);
      const RunStatistics once = predict(alone, chain.widths, inferences * chain.vectors);
      cycles += once.cycles * chain.repeat;
      for (std::size_t i = 0; i < chain.widths.size(); ++i, ++layer) {
        CHECK(words(run, layer) == words(once, i) * chain.repeat);
        CHECK(run.layers[layer].run_cycles == once.layers[i].run_cycles * chain.repeat);
        CHECK(run.layers[layer].images == inferences * chain.vectors * chain.repeat);
        CHECK(run.layers[layer].peak_bits_per_cycle == once.layers[i].peak_bits_per_cycle);
      }
    }
    CHECK(layer == workload.layers.size());
    CHECK(run.cycles == cycles);
  }
}

TEST_CASE("an input link is as narrow as it says for every chain, and full for every chain") {
  const Workload workload =
      layers("  - {name: a, m: 12, n: 4}\n  - {name: b, m: 30, n: 4, repeat: 2}\n");
  const auto beats = [&](const std::string& override, std::size_t chain) {
    Settings settings;
    if (!override.empty()) apply_override(settings, override);
    const Configuration machine =
        machine_of(cfc::explore::resolve(settings, workload), workload.chains()[chain]);
    return predict(machine, workload.chains()[chain].widths, 1)
        .layers[0]
        .memories.at("input")
        .writes.words;
  };
  CHECK(beats("", 0) == 1);
  CHECK(beats("", 1) == 1);
  CHECK(beats("input_link_width=5", 0) == 3);
  CHECK(beats("input_link_width=5", 1) == 6);
  CHECK(beats("input_link_width=12", 1) == 3);  // full for the first chain, by chance
  CHECK(beats("input_link_width=13", 1) == 3);
  CHECK(beats("defaults.link_width=16", 1) == 2);
}

TEST_CASE("random weights make a valid network of the workload's shapes and widths") {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 100; ++seed) {
    INFO("seed " << seed);
    Generator generator(seed);
    const Workload workload = random_workload(generator);
    const Configuration whole = cfc::explore::resolve(Settings{}, workload);
    for (const Chain& chain : workload.chains()) {
      const auto network = random_network(workload, chain, machine_of(whole, chain), seed);
      CHECK_NOTHROW(cfc::golden::validate(network));
      const Workload back = workload_of(network);
      for (std::size_t i = 0; i < back.layers.size(); ++i) {
        const WorkloadLayer& asked = workload.layers[chain.first + i];
        CHECK(back.layers[i].shape.r == asked.shape.r);
        CHECK(back.layers[i].widths.z_bits == asked.widths.z_bits);
        CHECK(back.layers[i].widths.v_bits == asked.widths.v_bits);
        CHECK(back.layers[i].widths.output_bits == asked.widths.output_bits);
      }
      const auto again = random_network(workload, chain, machine_of(whole, chain), seed);
      const auto inputs = random_vectors(2, network.layers.front().inputs(), seed);
      CHECK(cfc::golden::infer(network, inputs).logits() ==
            cfc::golden::infer(again, inputs).logits());
    }
  }
}

TEST_CASE("what cannot be counted, or held, is refused") {
  const Workload workload =
      layers("  - {name: a, m: 65536, n: 65536, vectors: 1000000, repeat: 1000000}\n");
  const Configuration whole = cfc::explore::resolve(Settings{}, workload);
  CHECK_THAT(input_error([&] { check_countable(whole, workload, 1000); }),
             Contains("63 bits") && Contains("fewer --images"));
  CHECK_THAT(input_error([&] { random_network(workload, workload.chains()[0], whole, 1); }),
             Contains("layer a: has 4294967296 weights"));
  const Workload wide = layers("  - {name: a, m: 300, n: 300, r: 300, z_bits: 24}\n");
  CHECK_THAT(input_error([&] {
               random_network(wide, wide.chains()[0], cfc::explore::resolve(Settings{}, wide), 1);
             }),
             Contains("layer a: 300 products of z of 24 bits") && Contains("fewer z_bits"));
  CHECK_THAT(input_error([&] { check_fillable(wide, 1); }), Contains("fewer z_bits"));
  const Workload long_one = layers("  - {name: a, m: 1000, n: 3, vectors: 1000}\n");
  CHECK_NOTHROW(check_fillable(long_one, 1000));
  CHECK_THAT(input_error([&] { check_fillable(long_one, 10000); }),
             Contains("layer a: 10000 inferences are 1e+10 bytes") && Contains("fewer --images"));
  CHECK_THAT(refusal("  - {name: " + std::string(41, 'x') + ", m: 4, n: 4}\n"),
             Contains("key `name`: is too long"));
}
