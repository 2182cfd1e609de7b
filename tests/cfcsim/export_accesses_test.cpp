// `cfcsim export accesses` as a user runs it: the counters of `verify` and `compare` and the bursts
// from DRAM are derived again, from nothing but the lines of the CSV.

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "golden/onnx_file.h"
#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

using cfc::testing::CommandResult;
using cfc::testing::read_file;
using cfc::testing::TemporaryFolder;
using nlohmann::json;
using Arguments = std::vector<std::string>;

namespace {

const std::string kSource = CFCSIM_SOURCE_DIR "/";
const std::string kDense = kSource + "golden/models/mnist-784-50-100-10.onnx";

const std::map<std::string, Arguments> kMachines{
    {"streaming", {}},
    {"sequential", {"--set", "layers.1.schedule=sequential"}},
    {"dense", {"--network", kDense}},
    {"stepped",
     {"--config", kSource + "testbench/configs/stepped.yaml", "--set", "defaults.lanes_u=99"}},
    {"pipelined", {"--config", kSource + "testbench/configs/pipelined.yaml"}},
    {"narrow", {"--config", kSource + "testbench/configs/narrow.yaml"}},
    {"sums in memory",
     {"--set", "defaults.psum_storage=memory", "--set", "defaults.lanes_v=7", "--set",
      "defaults.multiply_latency=2", "--set", "input_link_width=100"}},
    {"narrow sequential",
     {"--config", kSource + "testbench/configs/narrow.yaml", "--set",
      "layers.1.schedule=sequential", "--set", "layers.1.lanes_v=7"}},
};

/// A program of the project on the images 7, 8 and 9.
CommandResult run(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.begin(), CFCSIM_BINARY);
  arguments.insert(arguments.end(), {"--data", CFCSIM_TEST_DATA, "--images", "3", "--first", "7"});
  arguments.insert(arguments.end(), more.begin(), more.end());
  return cfc::testing::run_command(arguments);
}

json result_of(const char* command, const Arguments& machine) {
  return cfc::testing::json_of(run({command, "--json", "-"}, machine));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

struct Export {
  std::vector<std::string> lines;
  json summary;
};

Export exported(const std::string& format, const Arguments& machine) {
  const TemporaryFolder folder;
  const std::string file = folder / "trace";
  const json summary = cfc::testing::json_of(
      run({"export", "accesses", "--format", format, "-o", file, "--json", "-"}, machine));
  return {lines_of(read_file(file)), summary};
}

struct Row {
  std::uint64_t cycle, layer;
  std::string memory, access;
  std::uint64_t address, elements, bits;
};

std::vector<Row> rows_of(const std::vector<std::string>& csv) {
  REQUIRE(csv.at(0) == "cycle,layer,memory,access,address,elements,bits");
  std::vector<Row> rows;
  for (std::size_t i = 1; i < csv.size(); ++i) {
    std::string text = csv[i];
    std::replace(text.begin(), text.end(), ',', ' ');
    std::istringstream in(text);
    Row row;
    in >> row.cycle >> row.layer >> row.memory >> row.access >> row.address >> row.elements >>
        row.bits;
    REQUIRE(in);
    REQUIRE((row.access == "read" || row.access == "write"));
    rows.push_back(row);
  }
  return rows;
}

/// What `verify` says about the memories of all layers, derived from the rows.
json counters_of(const std::vector<Row>& rows) {
  json layers = json::array();
  std::map<std::tuple<std::uint64_t, std::string, std::uint64_t>, std::uint64_t> bits_in_cycle;
  for (const Row& row : rows) {
    json& memory = layers[row.layer - 1]["memories"][row.memory];
    for (const char* access : {"read", "write"}) {
      const bool counts = row.access == access;
      const auto add = [&](const std::string& what, std::uint64_t amount) {
        json& sum = memory[access + what];
        sum = (sum.is_null() ? 0 : sum.get<std::uint64_t>()) + (counts ? amount : 0);
      };
      add("_words", 1);
      add("_elements", row.elements);
      add("_bits", row.bits);
    }
    bits_in_cycle[{row.layer, row.memory, row.cycle}] += row.bits;
    bits_in_cycle[{row.layer, "", row.cycle}] += row.bits;
  }
  for (const auto& [place, bits] : bits_in_cycle) {
    const auto& [layer, memory, cycle] = place;
    json& owner = memory.empty() ? layers[layer - 1] : layers[layer - 1]["memories"][memory];
    json& peak = owner["peak_bits_per_cycle"];
    peak = std::max(peak.is_null() ? 0 : peak.get<std::uint64_t>(), bits);
  }
  return layers;
}

/// The same from a result of `verify` or of a schedule of `compare`.
json counters_in(const json& result) {
  json layers = json::array();
  for (const json& layer : result.at("layers")) {
    layers.push_back({{"memories", layer.at("memories")},
                      {"peak_bits_per_cycle", layer.at("peak_bits_per_cycle")}});
  }
  return layers;
}

bool is_weight(const Row& row) {
  return row.memory == "u" || row.memory == "v" || row.memory == "w";
}

/// A burst: in which cycle, and from where.
using Burst = std::pair<std::uint64_t, std::uint64_t>;

/// The fetches that the reads of weights make necessary, bit by bit. `layout` gives the base of
/// layer and memory.
std::vector<Burst> bursts_of(const std::vector<Row>& rows,
                             const std::map<std::string, std::uint64_t>& layout) {
  std::vector<Burst> bursts;
  std::map<std::string, std::set<std::uint64_t>> fetched;
  for (const Row& row : rows) {
    if (!is_weight(row)) continue;
    const std::string name = std::to_string(row.layer) + row.memory;
    if (row.address == 0) fetched[name].clear();  // the next image
    const std::uint64_t width = row.bits / row.elements;
    for (std::uint64_t bit = row.address * width; bit < (row.address + row.elements) * width;
         ++bit) {
      const std::uint64_t burst = layout.at(name) + bit / 8 / 64 * 64;
      if (fetched[name].insert(burst).second) bursts.emplace_back(row.cycle, burst);
    }
  }
  std::sort(bursts.begin(), bursts.end());
  return bursts;
}

/// Bases by the shapes that `verify` reports: layer after layer, whole bursts.
std::map<std::string, std::uint64_t> layout_of(const json& result) {
  std::map<std::string, std::uint64_t> layout;
  std::uint64_t base = 0;
  std::uint64_t number = 0;
  for (const json& layer : result.at("layers")) {
    ++number;
    for (const char* name : {"u", "v", "w"}) {
      if (!layer["memories"].contains(name)) continue;
      const json& memory = layer["memories"][name];
      layout[std::to_string(number) + name] = base;
      const auto bits_an_image = memory["read_bits"].get<std::uint64_t>() / 3;
      base += (bits_an_image + 511) / 512 * 64;
    }
  }
  return layout;
}

std::vector<Burst> dramsys_bursts(const std::vector<std::string>& lines) {
  std::vector<Burst> bursts;
  for (const std::string& line : lines) {
    std::istringstream in(line);
    std::uint64_t cycle = 0;
    std::uint64_t address = 0;
    std::string rest;
    char colon = 0;
    std::string command;
    in >> cycle >> colon >> command >> std::hex >> address;
    REQUIRE(in);
    REQUIRE(line == std::to_string(cycle) + ":\tread\t" + line.substr(line.rfind("0x")));
    bursts.emplace_back(cycle, address);
  }
  return bursts;
}

}  // namespace

TEST_CASE("the counters of verify follow from the trace of accesses") {
  for (const auto& [name, machine] : kMachines) {
    CAPTURE(name);
    const Export trace = exported("csv", machine);
    const json verified = result_of("verify", machine);
    const std::vector<Row> rows = rows_of(trace.lines);
    CHECK(counters_of(rows) == counters_in(verified));
    CHECK(trace.summary["lines"] == rows.size());
    CHECK(trace.summary["cycles"] == verified["cycles"]["total"]);
    CHECK(trace.summary["config"] == verified["config"]);
    CHECK(rows.back().cycle < verified["cycles"]["total"]);
    CHECK(std::is_sorted(rows.begin(), rows.end(),
                         [](const Row& a, const Row& b) { return a.cycle < b.cycle; }));
  }
}

TEST_CASE("the counters of compare follow from the traces of its schedules") {
  const json compared = result_of("compare", {});
  for (const char* schedule : {"dense", "sequential", "streaming"}) {
    const std::vector<Row> rows = rows_of(exported("csv", kMachines.at(schedule)).lines);
    CHECK(counters_of(rows) == counters_in(compared["schedules"][schedule]));
  }
}

TEST_CASE("a line that is missing or wrong is seen") {
  const Arguments& machine = kMachines.at("sums in memory");
  const json expected = counters_in(result_of("verify", machine));
  const std::vector<Row> rows = rows_of(exported("csv", machine).lines);
  REQUIRE(counters_of(rows) == expected);
  for (std::size_t i = 0; i < rows.size(); i += 97) {
    std::vector<Row> damaged = rows;
    damaged.erase(damaged.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK(counters_of(damaged) != expected);
    damaged = rows;
    ++damaged[i].elements;
    CHECK(counters_of(damaged) != expected);
  }
  // One word more in the cycle of the peak.
  std::vector<Row> late = rows;
  const auto wide = [](const Row& row) { return row.memory == "input" && row.access == "read"; };
  const auto first = std::find_if(late.begin(), late.end(), wide);
  const auto second = std::find_if(first + 1, late.end(), wide);
  second->cycle = first->cycle;
  CHECK(counters_of(late) != expected);
}

TEST_CASE("addresses: an image's words fill its buffers and go through all weights once") {
  for (const auto& [name, machine] : kMachines) {
    CAPTURE(name);
    std::map<std::string, std::map<std::uint64_t, int>> weights;
    std::map<std::uint64_t, int> pixels;
    for (const Row& row : rows_of(exported("csv", machine).lines)) {
      for (std::uint64_t i = row.address; i < row.address + row.elements; ++i) {
        if (is_weight(row)) ++weights[std::to_string(row.layer) + row.memory][i];
        if (row.layer == 1 && row.memory == "input" && row.access == "write") ++pixels[i];
      }
    }
    for (const auto& [memory, reads] : weights) {
      CAPTURE(memory);
      CHECK(reads.rbegin()->first + 1 == reads.size());
      for (const auto& read : reads) REQUIRE(read.second == 3);
    }
    // Three images in one buffer, or two in the first and one in the second.
    const bool two_buffers = pixels.size() > 784;
    CHECK(pixels.size() == (two_buffers ? 1568 : 784));
    for (const auto& [i, writes] : pixels) {
      REQUIRE(writes == (two_buffers ? (i < 784 ? 2 : 1) : 3));
    }
  }
}

TEST_CASE("bursts from DRAM follow from the reads of weights") {
  for (const auto& [name, machine] : kMachines) {
    CAPTURE(name);
    const auto layout = layout_of(result_of("verify", machine));
    const std::vector<Burst> expected = bursts_of(rows_of(exported("csv", machine).lines), layout);
    const Export dramsys = exported("dramsys", machine);
    CHECK(dramsys_bursts(dramsys.lines) == expected);
    CHECK(dramsys.summary["lines"] == expected.size());
    for (const json& region : dramsys.summary["layout"]) {
      const std::string memory = region["memory"];
      CHECK(layout.at(std::to_string(region["layer"].get<int>()) + memory) == region["address"]);
    }
    std::ostringstream ramulator;
    for (const Burst& burst : expected) ramulator << "LD 0x" << std::hex << burst.second << '\n';
    CHECK(exported("ramulator", machine).lines == lines_of(ramulator.str()));
  }
}

TEST_CASE("a channel that moves less than a burst with an access gets as many lines as it needs") {
  const auto& machine = kMachines.at("streaming");
  const auto bursts = exported("ramulator", machine).lines;
  for (const std::size_t access : {8, 16, 32, 64}) {
    std::vector<std::string> options = machine;
    options.insert(options.end(), {"--access-bytes", std::to_string(access)});
    const Export narrow = exported("ramulator", options);
    CHECK(narrow.lines.size() * access == bursts.size() * 64);
    CHECK(narrow.summary["access_bytes"] == access);
    // Every byte of every burst once, in order.
    std::ostringstream expected;
    for (const std::string& burst : bursts) {
      const std::uint64_t address = std::stoull(burst.substr(5), nullptr, 16);
      for (std::uint64_t byte = 0; byte < 64; byte += access) {
        expected << "LD 0x" << std::hex << address + byte << '\n';
      }
    }
    CHECK(narrow.lines == lines_of(expected.str()));
  }
}

TEST_CASE("a clock of no whole MHz is given to DRAMSys in ticks that are") {
  std::vector<std::string> options = kMachines.at("streaming");
  const std::vector<Burst> cycles = dramsys_bursts(exported("dramsys", options).lines);
  options.insert(options.end(), {"--set", "clock_period_ns=3"});  // 333.333 MHz
  const std::vector<Burst> ticks = dramsys_bursts(exported("dramsys", options).lines);
  REQUIRE(ticks.size() == cycles.size());
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    CHECK(ticks[i] == Burst{cycles[i].first * 3000, cycles[i].second});
  }
}

TEST_CASE("the whole network is fetched for each image, whatever the schedule") {
  // ceil of bytes / 64: U 23,520, V 1,500, 5,000, 1,000; without factors 39,200.
  const std::size_t factorised = 368 + 24 + 79 + 16;
  for (const auto& [name, machine] : kMachines) {
    CAPTURE(name);
    CHECK(exported("ramulator", machine).lines.size() ==
          3 * (name == "dense" ? 613 + 79 + 16 : factorised));
  }
}

TEST_CASE("narrow weights are packed: five bits each, bursts cut through them") {
  const TemporaryFolder folder;
  cfc::golden::Network network =
      cfc::golden::read_network(kSource + "golden/models/mnist-784-50-100-10-r30.onnx");
  auto& factors = std::get<cfc::golden::FactorisedWeights>(network.layers.front().weights);
  factors.u = factors.u.cwiseMin(std::int8_t{15}).cwiseMax(std::int8_t{-16}).eval();
  factors.u_bits = 5;
  const std::string narrow = folder / "narrow.onnx";
  cfc::golden::write_network(network, narrow);
  const Arguments machine{"--network", narrow, "--set", "defaults.lanes_u=99"};
  const Export dramsys = exported("dramsys", machine);
  CHECK(dramsys_bursts(dramsys.lines) == bursts_of(rows_of(exported("csv", machine).lines),
                                                   layout_of(result_of("verify", machine))));
  CHECK(dramsys.summary["layout"][0]["bytes"] == 784 * 30 * 5 / 8);
  CHECK(dramsys.summary["layout"][1]["address"] == 230 * 64);  // 14,700 bytes
}
