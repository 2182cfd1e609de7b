// Energy by hand, and tables that must be refused.

#include "explore/cost/energy.h"

#include <catch2/catch.hpp>

#include "configuration/configuration_file.h"
#include "explore/cost/layer_cost.h"
#include "explore/timing/timing_model.h"
#include "explore/timing/workload_run.h"
#include "tests/explore/cost/tiny_energy.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {
using Catch::Contains;
using namespace explore;

TEST_CASE("energy of a tiny dense layer by hand, ten images") {
  const LayerEnergy energy = tiny_energy(Schedule::dense, table_of(kRound), {});
  // A bit costs 1. Input: 3 bytes written, 2 x 3 read; W: 6 read; output: 2 written, 2 read.
  CHECK(energy.memories[kInput] == Approx(10 * 9 * 8));
  CHECK(energy.memories[kW] == Approx(10 * 6 * 8));
  CHECK(energy.memories[kOutput] == Approx(10 * 4 * 8));
  CHECK(energy.multiplies == Approx(10 * 6 * 2));
  CHECK(energy.adds == Approx(10 * 6 * 3));
  CHECK(energy.links == Approx(10 * 2 * 16));
  CHECK(energy.dram == 0);
  CHECK(energy.total() == Approx(10 * ((9 + 6 + 4) * 8 + 12 + 18 + 32)));
}

TEST_CASE("energy of a tiny sequential layer by hand") {
  const LayerEnergy energy = tiny_energy(Schedule::sequential, table_of(kRound), {});
  // U: 3 read; z: 1 written, 2 x 1 read; V: 2 x 1 read.
  CHECK(energy.memories[kU] == Approx(10 * 3 * 8));
  CHECK(energy.memories[kZ] == Approx(10 * 3 * 8));
  CHECK(energy.memories[kV] == Approx(10 * 2 * 8));
  CHECK(energy.multiplies == Approx(10 * 5 * 2));
  CHECK(energy.memories[kPsum] == 0);
}

TEST_CASE("weights from DRAM are fetched for every image, or for every batch begun") {
  const EnergyTable table = table_of(kRound);
  const auto dram = [&](std::uint64_t batch) {
    return tiny_energy(Schedule::dense, table, {WeightPlace::Kind::dram, batch});
  };
  // 6 bytes of weights, 100 a bit to fetch and 1 to write on chip.
  CHECK(dram(1).dram == Approx(10 * 48 * 101));
  CHECK(dram(1).dram_upper == Approx(10 * 48 * 201));
  CHECK(dram(5).dram == Approx(2 * 48 * 101));
  CHECK(dram(4).dram == Approx(3 * 48 * 101));  // 4, 4 and 2 images
  CHECK(dram(10).total() - tiny_energy(Schedule::dense, table, {}).total() == Approx(48 * 101));
}

TEST_CASE("energy of a predicted run is that of its layers in closed form") {
  const EnergyTable table = EnergyTable::read(kTables + "horowitz-45nm.yaml");
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 200; ++seed) {
    Generator generator(seed);
    const golden::Network network = random_network(generator);
    const Configuration configuration = random_configuration(generator, network);
    const auto widths = widths_of(network);
    const RunEnergy run = run_energy(configuration, workload_of(network),
                                     predict(configuration, widths, 3), table, {});
    CHECK(run.table == "horowitz-45nm");
    int beat_width = configuration.input_link_width;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const LayerConfiguration& layer = configuration.layers[i];
      const LayerCost cost = layer_cost(layer, widths[i], beat_width);
      const LayerEnergy one = layer_energy(layer, widths[i], cost.memories, 1, table, {});
      INFO("seed " << seed);
      CHECK(run.layers[i].total() == Approx(3 * one.total()));
      beat_width = layer.output_beat_width();
    }
  }
}

TEST_CASE("the Horowitz table gives back its rows, and only grows between them") {
  const EnergyTable table = EnergyTable::read(kTables + "horowitz-45nm.yaml");
  CHECK(table.multiply(8, 8) == Approx(0.2));
  CHECK(table.multiply(32, 32) == Approx(3.1));
  CHECK(table.add(8) == Approx(0.03));
  CHECK(table.add(32) == Approx(0.1));
  CHECK(table.sram_bit(8192 * 8) * 64 == Approx(10));
  CHECK(table.sram_bit(32768 * 8) * 64 == Approx(20));
  CHECK(table.sram_bit(1048576 * 8) * 64 == Approx(100));
  CHECK(table.dram_bit() * 64 == Approx(1300));
  CHECK(table.dram_bit_upper() * 64 == Approx(2600));
  CHECK_FALSE(table.link_bit());
  double before = 0;
  for (double capacity = 1; capacity <= 8388608; capacity *= 1.01) {
    CHECK(table.sram_bit(capacity) >= before);
    before = table.sram_bit(capacity);
  }
  for (int bits = 1; bits < 32; ++bits) {
    CHECK(table.multiply(bits + 1, 8) >= table.multiply(bits, 8));
    CHECK(table.add(bits + 1) >= table.add(bits));
  }
}

TEST_CASE("the Eyeriss table: register file 1, link 2, buffer 6, DRAM 200") {
  const EnergyTable table = EnergyTable::read(kTables + "eyeriss.yaml");
  CHECK(table.unit() == "16-bit MAC");
  CHECK(table.multiply(8, 8) == 1);
  CHECK(table.sram_bit(4096) * 16 == Approx(1));
  CHECK(table.sram_bit(4097) * 16 == Approx(6));
  CHECK(table.sram_bit(1e9) * 16 == Approx(6));
  CHECK(table.dram_bit() * 16 == Approx(200));
  CHECK(*table.link_bit() * 16 == Approx(2));
}

TEST_CASE("an access without a price is an error") {
  const EnergyTable table = EnergyTable::read(kTables + "horowitz-45nm.yaml");
  CHECK_THAT(input_error([&] { table.add(33); }), Contains("horowitz-45nm") && Contains("add"));
  CHECK_THAT(input_error([&] { table.multiply(33, 32); }), Contains("multiply"));
  const std::string no_dram = replaced(
      kRound, "  - {item: dram, bits: 8, energy: 800, energy_upper: 1600, source: nobody}\n", "");
  const EnergyTable without = table_of(no_dram);
  CHECK_NOTHROW(tiny_energy(Schedule::dense, without, {}));
  CHECK_THAT(input_error([&] {
               tiny_energy(Schedule::dense, without, {WeightPlace::Kind::dram, 1});
             }),
             Contains("round") && Contains("dram"));
}

TEST_CASE("a memory beyond the largest row is banks of that row's capacity") {
  const EnergyTable horowitz = EnergyTable::read(kTables + "horowitz-45nm.yaml");
  CHECK(horowitz.bank_bits() == 8388608);
  CHECK(horowitz.sram_bit(8388608) == Approx(100.0 / 64));
  CHECK(horowitz.sram_bit(1e12) == horowitz.sram_bit(8388608));
  const EnergyTable eyeriss = EnergyTable::read(kTables + "eyeriss.yaml");
  CHECK_FALSE(eyeriss.bank_bits());  // a row prices any capacity
}

TEST_CASE("prices that a workload will need are asked for before any work") {
  const EnergyTable horowitz = EnergyTable::read(kTables + "horowitz-45nm.yaml");
  Workload workload;
  workload.layers = {{"fc1", {30, 20, 4}, {8, 8, 8, 24, 8}},
                     {"fc2", {20, 5, {}}, {8, 0, 0, 0, 32}}};
  CHECK_NOTHROW(check_prices(workload, horowitz, WeightPlace::Kind::dram));
  const std::string dram =
      "  - {item: dram, bits: 8, energy: 800, energy_upper: 1600, source: nobody}\n";
  const EnergyTable without = table_of(replaced(kRound, dram, ""));
  workload.layers[0].widths.z_bits = 8;
  CHECK_NOTHROW(check_prices(workload, without, WeightPlace::Kind::on_chip));
  CHECK_THAT(input_error([&] { check_prices(workload, without, WeightPlace::Kind::dram); }),
             Contains("no price for dram") && Contains("table.yaml"));
  workload.layers[0].widths.z_bits = 9;
  CHECK_THAT(input_error([&] { check_prices(workload, without, WeightPlace::Kind::on_chip); }),
             Contains("a product of 9 and 8 bits") && Contains("table.yaml"));
}

TEST_CASE("every repeat has weights of its own, and the vectors of an inference share a fetch") {
  const EnergyTable table = table_of(kRound);
  Workload workload;
  workload.layers = {{"fc", {30, 20, {}}, {8, 0, 0, 0, 32}}};
  const auto dram = [&](std::uint64_t vectors, std::uint64_t repeat, std::uint64_t inferences,
                        std::uint64_t batch) {
    workload.layers[0].vectors = vectors;
    workload.layers[0].repeat = repeat;
    const Configuration machine = resolve(cfc::Settings{}, workload.shapes());
    const auto run = predict(machine, workload, inferences);
    const WeightPlace place{WeightPlace::Kind::dram, batch};
    return run_energy(machine, workload, run, table, place).layers[0].dram;
  };
  const double once = dram(1, 1, 1, 1);
  CHECK(once > 0);
  CHECK(dram(7, 1, 1, 1) == Approx(once));
  CHECK(dram(1, 5, 1, 1) == Approx(5 * once));
  CHECK(dram(3, 2, 4, 1) == Approx(8 * once));
  CHECK(dram(3, 2, 4, 3) == Approx(4 * once));
}

TEST_CASE("on chip, the weights of every repeat are there, and the larger memory costs more") {
  const EnergyTable table = EnergyTable::read(kTables + "horowitz-45nm.yaml");
  Workload workload;
  workload.layers = {{"fc", {256, 256, {}}, {8, 0, 0, 0, 32}}};
  const Configuration machine = explore::resolve(Settings{}, workload);
  const auto weights_energy = [&](std::uint64_t repeat) {
    workload.layers[0].repeat = repeat;
    const auto run = predict(machine, workload, 1);
    return run_energy(machine, workload, run, table, {}).layers[0].memories[kW];
  };
  constexpr double kBits = 256 * 256 * 8;
  CHECK(capacity_bits(machine.layers[0], workload.layers[0], kW) == kBits);
  CHECK(weights_energy(1) == Approx(kBits * table.sram_bit(kBits)));
  CHECK(weights_energy(5) == Approx(5 * kBits * table.sram_bit(5 * kBits)));
  CHECK(weights_energy(5) > 5.5 * weights_energy(1));
  CHECK(capacity_bits(machine.layers[0], workload.layers[0], kW) == 5 * kBits);
  workload.layers[0].repeat = 100;
  CHECK(banked_memories(machine, workload, table) == std::vector<std::string>{"fc w"});
  workload.layers[0].repeat = 1;
  CHECK(banked_memories(machine, workload, table).empty());
}

TEST_CASE("tables that are not tables are refused with file and key") {
  const auto with = [](const std::string& from, const std::string& to) {
    return refusal(replaced(kRound, from, to));
  };
  CHECK_THAT(with("energy: 2,", "energy: -2,"), Contains("table.yaml:5") && Contains("energy"));
  CHECK_THAT(with("energy: 2,", "energy: .nan,"), Contains("energy"));
  CHECK_THAT(with("energy: 2,", "energy: much,"),
             Contains("table.yaml:5: key `energy`: 'much' is not a decimal number"));
  CHECK_THAT(with("bits: 32", "bits: some"), Contains("`bits`: 'some' is not a whole number"));
  CHECK_THAT(with("energy: 2,", "energy: 2, energy: 3,"),
             Contains("table.yaml:5: energy: is given twice"));
  CHECK_THAT(with("unit: pJ\n", "unit: pJ\nunit: MAC\n"),
             Contains("table.yaml:4: unit: is given twice"));
  CHECK_THAT(with("energy: 3, ", ""), Contains("table.yaml:6") && Contains("energy"));
  CHECK_THAT(with(", source: nobody", ""), Contains("source"));
  CHECK_THAT(with("{item: multiply", "{item: divide"), Contains("divide"));
  CHECK_THAT(with("{item: add", "{colour: red, item: add"), Contains("colour"));
  CHECK_THAT(with("  - {item: add, bits: 32, energy: 3, source: nobody}\n", ""),
             Contains("table.yaml: row `add` is missing; add one with item, bits"));
  CHECK_THAT(with("energy_upper: 1600", "energy_upper: 16"), Contains("energy_upper"));
  CHECK_THAT(with("capacity_bits: 1000", "capacity_bits: 0"), Contains("capacity_bits"));
  CHECK_THAT(with("energy/1", "energy/9"), Contains("schema"));
  CHECK_THAT(with("name: round\n", ""), Contains("name"));
  CHECK_THAT(refusal(std::string(kRound) + "---\nname: other\n"), Contains("a second document"));
  CHECK_THAT(with("bits: 32", "bits: 032"), Contains("'032' is not a whole number"));
  CHECK_THAT(with("source: nobody", "source: ~"), Contains("`source`"));
  CHECK_THAT(with("source: nobody", "source: no\xFF"), Contains("is not UTF-8"));
  CHECK_THAT(refusal("just words"), Contains("table.yaml"));
  CHECK_THAT(refusal("a: [b"), Contains("table.yaml"));
  CHECK_THAT(refusal(""), Contains("table.yaml"));
  const std::string cheaper =
      "  - {item: sram, capacity_bits: 2000, bits: 8, energy: 7, source: nobody}\n";
  CHECK_THAT(refusal(kRound + cheaper), Contains("sram"));
  CHECK_THAT(input_error([] { EnergyTable::read("/nowhere.yaml"); }), Contains("/nowhere.yaml"));
}

}  // namespace cfc::testing
