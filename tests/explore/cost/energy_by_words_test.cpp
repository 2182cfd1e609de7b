// Energy where a table prices memories by words and bits: by hand, on more lanes, and what is
// refused.

#include <cmath>

#include <catch2/catch.hpp>

#include "configuration/configuration_file.h"
#include "explore/cost/energy.h"
#include "tests/explore/cost/tiny_energy.h"

namespace cfc::testing {
namespace {

using Catch::Contains;

/// A memory by its words: one access of a word of b bits costs 4 + b sqrt(words).
constexpr const char* kWords = R"(schema: cfcsim.energy/1
name: words
unit: pJ
rows:
  - {item: multiply, bits: 8, energy: 2, source: nobody}
  - {item: add, bits: 32, energy: 3, source: nobody}
  - {item: sram, words: 1, bits: 1, energy: 5, source: nobody}
  - {item: sram, words: 4, bits: 8, energy: 20, source: nobody}
  - {item: sram, words: 16, bits: 16, energy: 68, source: nobody}
  - {item: dram, bits: 8, energy: 800, source: nobody}
)";

/// One access of a byte.
double byte(double words) { return 4 + 8 * std::sqrt(words); }

}  // namespace

TEST_CASE("a table by words prices a bit as its share of the word that is stored") {
  const EnergyTable table = table_of(kWords);
  REQUIRE(table.word_prices());
  CHECK(table.word_prices()->max_error() == Approx(0).margin(1e-9));
  const LayerEnergy energy = tiny_energy(Schedule::dense, table, {});
  // All words are bytes. Input: 3 of them, 3 written and 2 x 3 read; W: 6, output: 2.
  CHECK(energy.memories[kInput] == Approx(10 * 9 * byte(3)));
  CHECK(energy.memories[kW] == Approx(10 * 6 * byte(6)));
  CHECK(energy.memories[kOutput] == Approx(10 * 4 * byte(2)));
  CHECK(energy.multiplies == Approx(10 * 6 * 2));
  CHECK(tiny_energy(Schedule::dense, table, {WeightPlace::Kind::dram, 10}).dram ==
        Approx(6 * (8 * 100 + byte(6))));
}

TEST_CASE("on more lanes a table by words prices wider words, and one by capacity does not") {
  const EnergyTable by_words = EnergyTable::read(kTables + "fakeram-45nm.yaml");
  const EnergyTable by_capacity = EnergyTable::read(kTables + "horowitz-45nm.yaml");
  const auto weights_energy = [](const EnergyTable& table, int lanes) {
    LayerConfiguration layer = tiny(Schedule::streaming);
    layer.shape = {784, 50, 30};
    layer.lanes_u = lanes;
    const auto accesses = accesses_by_memory(*make_engine(layer, kBytes), 1, 1);
    return layer_energy(layer, kBytes, accesses, 1, table, {}).memories[kU];
  };
  CHECK(weights_energy(by_capacity, 16) == weights_energy(by_capacity, 784));
  CHECK(weights_energy(by_words, 16) > 1.5 * weights_energy(by_words, 64));
  CHECK(weights_energy(by_words, 16) > 3 * weights_energy(by_words, 784));
}

TEST_CASE("the fakeram table gives its memories back within the errors of its page") {
  const EnergyTable table = EnergyTable::read(kTables + "fakeram-45nm.yaml");
  CHECK(table.word_prices()->mean_error() < 0.105);
  CHECK(table.word_prices()->max_error() < 0.32);
  CHECK(table.word_prices()->most_words() == 2048);
  CHECK(table.word_prices()->most_bits() == 256);
  CHECK_FALSE(table.bank_bits());
  const EnergyTable horowitz = EnergyTable::read(kTables + "horowitz-45nm.yaml");
  CHECK(table.multiply(8, 8) == horowitz.multiply(8, 8));
  CHECK(table.add(32) == horowitz.add(32));
  CHECK(table.dram_bit_upper() == horowitz.dram_bit_upper());
  CHECK_THAT(input_error([&] { table.sram_bit(1000); }), Contains("fakeram-45nm.yaml"));
}

TEST_CASE("memories deeper or wider than a table by words knows are banks") {
  const EnergyTable table = table_of(kWords);
  Workload workload;
  workload.layers = {{"fc", {16, 1, {}}, {8, 0, 0, 0, 8}}};
  Settings settings;
  settings.defaults.lanes_u = Width{1};
  const auto banked = [&] {
    return banked_memories(explore::resolve(settings, workload), workload, table);
  };
  CHECK(banked().empty());
  workload.layers[0].repeat = 2;  // 32 words
  CHECK(banked() == std::vector<std::string>{"fc w"});
  workload.layers[0].repeat = 1;
  settings.defaults.lanes_u = Width{3};  // 24 bits
  CHECK(banked() == std::vector<std::string>{"fc input", "fc w"});
}

TEST_CASE("weights are filled memory by memory, or by capacity as one") {
  const LayerConfiguration layer = tiny(Schedule::sequential);  // U of 3 bytes, V of 2
  CHECK(fill_energy(layer, kBytes, 7, table_of(kWords)) == Approx(7 * (3 * byte(3) + 2 * byte(2))));
  CHECK(fill_energy(layer, kBytes, 7, table_of(kRound)) == Approx(7 * 5 * 8));
}

TEST_CASE("tables by words that cannot be are refused with file and key") {
  const auto with = [](const std::string& from, const std::string& to) {
    return refusal(replaced(kWords, from, to));
  };
  CHECK_THAT(with("words: 4,", "words: 4, capacity_bits: 32,"),
             Contains("table.yaml:8: key `words`: stands beside `capacity_bits`"));
  CHECK_THAT(with("words: 4,", "capacity_bits: 32,"),
             Contains("table.yaml:8: key `capacity_bits`") && Contains("give all of them one"));
  CHECK_THAT(with("words: 4,", ""), Contains("table.yaml:8") && Contains("capacity_bits"));
  CHECK_THAT(with("words: 4,", "words: 0,"), Contains("table.yaml:8") && Contains("words"));
  CHECK_THAT(with("words: 4, bits: 8", "words: 1, bits: 1"),
             Contains("table.yaml:8") && Contains("for the same memory"));
  CHECK_THAT(with("energy: 20", "energy: 0"), Contains("table.yaml:8") && Contains("energy"));
  CHECK_THAT(with("  - {item: sram, words: 4, bits: 8, energy: 20, source: nobody}\n", ""),
             Contains("table.yaml: rows `sram` with `words`: 2 of the 3 or more"));
  CHECK_THAT(with("{item: add, bits", "{item: add, words: 4, bits"), Contains("words"));
}

}  // namespace cfc::testing
