// `cfcsim compare` as a user runs it.

#include <filesystem>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "golden/onnx_file.h"
#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::testing::CommandResult;
using cfc::testing::read_file;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;
using nlohmann::json;

namespace {

const std::string kSource = CFCSIM_SOURCE_DIR "/";
const std::string kFactorised = kSource + "golden/models/mnist-784-50-100-10-r30.onnx";
const std::string kTable = kSource + "explore/energy/horowitz-45nm.yaml";

CommandResult compare(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {CFCSIM_BINARY, "compare", "--data", CFCSIM_TEST_DATA});
  return cfc::testing::run_command(arguments);
}

json compare_json(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--json", "-", "--images", "20"});
  return cfc::testing::json_of(compare(arguments));
}

std::string refusal(const std::vector<std::string>& arguments) {
  return cfc::testing::refusal_of(compare(arguments));
}

/// The default network with `change` done to its first layer.
template <typename Change>
void write_changed(const std::filesystem::path& file, const Change& change) {
  cfc::golden::Network network = cfc::golden::read_network(kFactorised);
  change(network);
  cfc::golden::write_network(network, file);
}

const char* const kSchedules[] = {"dense", "sequential", "streaming"};

}  // namespace

TEST_CASE("the paper's layer: dense 50, sequential 80, streaming 31") {
  const json result = compare_json({});
  CHECK(result["schema"] == "cfcsim.compare/1");
  CHECK(result["energy_table"]["name"] == "horowitz-45nm");
  const json& schedules = result["schedules"];
  const int operations[] = {50, 80, 31};
  for (int i = 0; i < 3; ++i) {
    const json& run = schedules[kSchedules[i]];
    CHECK(run["layers"][0]["operations"] == operations[i]);
    CHECK(run["layers"][0]["compute_cycles"] == operations[i]);
    CHECK(run["obtained"] == "simulated");
    CHECK(run["timing_model_agrees"] == true);
    for (const auto& mismatches : run["mismatches"]) CHECK(mismatches == 0);
    CHECK(run["scorecard"].size() == 7);
    for (const json& metric : run["scorecard"]) CHECK_FALSE(metric["obtained"].empty());
    double sum = 0;
    for (const json& layer : run["layers"]) {
      sum += layer["energy_per_image"]["on_chip"]["total"].get<double>();
    }
    CHECK(run["energy_per_image"]["on_chip"] == Approx(sum));
  }
  // Streaming pays with more bits a cycle than it would need one after the other.
  CHECK(schedules["streaming"]["layers"][0]["accumulators"] == 51);
  CHECK(schedules["streaming"]["layers"][0]["peak_bits_per_cycle"] >
        schedules["sequential"]["layers"][0]["peak_bits_per_cycle"]);
  const CommandResult text = compare({"--images", "5"});
  CHECK_THAT(text.output, Contains("horowitz-45nm") && Contains("dynamic only") &&
                              Contains("EQUAL BANDWIDTH") && Contains("no synthesis report"));
}

TEST_CASE(
    "kind 14, words that are not true: lanes are as configured, multipliers told, and no layer "
    "alone exceeds the bandwidth") {
  const json result =
      compare_json({"--set", "defaults.lanes_u=98", "--set", "layers.1.schedule=dense"});
  for (const char* schedule : kSchedules) {
    CHECK(result["schedules"][schedule]["layers"][0]["lanes_u"] == 98);
  }
  const json& lanes = result["schedules"];
  CHECK(lanes["sequential"]["layers"][0]["lanes_v"] == lanes["streaming"]["layers"][0]["lanes_v"]);
  const std::string text = compare({"--images", "1"}).output;
  CHECK_THAT(text, !Contains("EQUAL LANES") && Contains("AS CONFIGURED: not the same multipliers"));
  CHECK_THAT(text, Contains("784"));
  const json as_configured = compare_json({})["schedules"];
  CHECK(as_configured["dense"]["layers"][0]["multipliers"] == 784);
  CHECK(as_configured["streaming"]["layers"][0]["multipliers"] == 784 + 50);
  const json bandwidth = compare_json({})["equal_bandwidth"];
  for (const char* schedule : kSchedules) {
    CHECK(bandwidth["schedules"][schedule]["layers"][0]["peak_bits_per_cycle"] <=
          bandwidth["budget_bits_per_cycle"][0]);
  }
  CHECK_THAT(refusal({"--images", "1", "--bandwidth", "8"}),
             Contains("--bandwidth") && Contains("layer 1"));
}

TEST_CASE("every machine can be compared without a word about its bandwidth") {
  const std::vector<std::vector<std::string>> machines = {
      {"--set", "defaults.lanes_u=8", "--set", "defaults.lanes_v=8"},
      {"--set", "defaults.lanes_u=4", "--set", "defaults.lanes_v=4"},
      {"--set", "defaults.lanes_u=1", "--set", "defaults.psum_storage=memory"},
      {"--set", "layers.2.lanes_u=8"}};
  for (const auto& machine : machines) {
    CAPTURE(machine);
    const json result = compare_json(machine);
    CHECK(result["schedules"].size() == 3);
    CHECK(result["equal_bandwidth"]["schedules"].size() == 3);
  }
  // Dense has 8 inputs, 8 weights, and an output that is written or sent; beats do not count.
  const json bandwidth = compare_json(machines.front())["equal_bandwidth"];
  CHECK(bandwidth["budget_bits_per_cycle"][1] == 8 * 8 + 8 * 8 + 8);
  CHECK(bandwidth["schedules"]["streaming"]["layers"][1]["lanes_u"] == 8);
}

TEST_CASE("without the uncompressed weights dense is computed, and says so") {
  const TemporaryFolder folder;
  write_changed(folder / "two.onnx", [](cfc::golden::Network& network) {
    network.layers.erase(network.layers.begin() + 1, network.layers.end());
    network.layers.front().requantisation.reset();
  });
  const json result = compare_json({"--network", (folder / "two.onnx").string()});
  CHECK(result["dense_network"].is_null());
  const json& dense = result["schedules"]["dense"];
  CHECK(dense["obtained"] == "timing model");
  CHECK(dense["mismatches"].is_null());
  CHECK(dense["scorecard"][0]["fraction"].is_null());
  CHECK(dense["layers"][0]["compute_cycles"] == 50);
  CHECK(result["schedules"]["streaming"]["obtained"] == "simulated");
}

TEST_CASE("a hidden factor in the energy shows") {
  const TemporaryFolder folder;
  std::string doubled = read_file(kTable);
  const std::string price = "energy: 0.2";
  doubled.replace(doubled.find(price), price.size(), "energy: 0.4");
  write_file(folder / "doubled.yaml", doubled);
  const auto multiplies = [](const json& result) {
    return result["schedules"]["dense"]["layers"][0]["energy_per_image"]["on_chip"]["multiplies"]
        .get<double>();
  };
  CHECK(multiplies(compare_json({})) == Approx(784 * 50 * 0.2));
  CHECK(multiplies(compare_json({"--energy-table", (folder / "doubled.yaml").string()})) ==
        Approx(784 * 50 * 0.4));
}

TEST_CASE("a batch shares one fetch from DRAM") {
  const auto dram = [](const json& result) {
    return result["schedules"]["streaming"]["layers"][0]["energy_per_image"]["from_dram"]["dram"]
        .get<double>();
  };
  CHECK(dram(compare_json({})) == Approx(20 * dram(compare_json({"--batch", "20"}))));
}

TEST_CASE("compare refuses what it cannot use") {
  const TemporaryFolder folder;
  std::string negative = read_file(kTable);
  negative.replace(negative.find("energy: 10"), 10, "energy: -1");
  write_file(folder / "negative.yaml", negative);
  CHECK_THAT(refusal({"--energy-table", (folder / "negative.yaml").string()}),
             Contains("negative.yaml") && Contains("energy"));
  std::string no_dram = read_file(kTable);
  no_dram.erase(no_dram.find("  - item: dram"));
  write_file(folder / "no_dram.yaml", no_dram);
  CHECK_THAT(refusal({"--images", "2", "--energy-table", (folder / "no_dram.yaml").string()}),
             Contains("horowitz-45nm") && Contains("dram"));
  CHECK_THAT(refusal({"--energy-table", "horowitz"}), Contains("horowitz"));
  CHECK_THAT(refusal({"--dense-network", kFactorised}), Contains("--dense-network"));
  CHECK_THAT(refusal({"--network", kSource + "golden/models/mnist-784-50-100-10.onnx"}),
             Contains("no factorised layer"));
  CHECK_THAT(refusal({"--synthesis", "sideways=x"}), Contains("--synthesis"));
  CHECK_THAT(refusal({"--synthesis", "dense=/nowhere"}), Contains("/nowhere"));
  write_file(folder / "empty.txt", "nothing\n");
  CHECK_THAT(refusal({"--synthesis", "dense=" + (folder / "empty.txt").string()}),
             Contains("empty.txt"));
}

TEST_CASE("the hardware cost is what scripts/synth printed") {
  const TemporaryFolder folder;
  write_file(folder / "synth.txt",
             "synthesising for coarse\n"
             "block              cells  multipliers  registers  block RAMs  memory bits\n"
             "layer_1.dcl          100            8         20           0            0\n"
             "layer_1.memories      11            0          1           2         4096\n"
             "all                  111            8         21           2         4096\n");
  const json result = compare_json({"--synthesis", "streaming=" + (folder / "synth.txt").string()});
  const json& cost = result["schedules"]["streaming"]["scorecard"][4];
  CHECK(cost["metric"] == "hardware cost");
  CHECK(cost["synthesis"] == json({{"file", "synth.txt"},
                                   {"cells", 111},
                                   {"multipliers", 8},
                                   {"registers", 21},
                                   {"block_rams", 2},
                                   {"memory_bits", 4096}}));
  CHECK(result["schedules"]["dense"]["scorecard"][4]["synthesis"].is_null());
}

TEST_CASE("standard cells turn cycles into time, whatever the configured clock") {
  const json result = compare_json({"--set", "clock_period_ns=5"});
  CHECK(result["technology"]["name"] == "osu018");
  CHECK(result["technology"]["sha256"].get<std::string>().size() == 64);
  for (const char* error : {"period_error", "area_error", "energy_error"}) {
    CHECK(result["technology"][error]["worst"] >= result["technology"][error]["mean"]);
    CHECK(result["technology"][error]["layers"] > 0);
  }
  for (const char* schedule : kSchedules) {
    const json& run = result["schedules"][schedule];
    const json& silicon = run["silicon"];
    CAPTURE(schedule, silicon);
    const double period = silicon["period_ns"];
    CHECK(silicon["time_ns"] == Approx(run["cycles"]["per_image_mean"].get<double>() * period));
    const json& energy = silicon["energy"];
    CHECK(energy["total_pj"] ==
          Approx(energy["clock_pj"].get<double>() + energy["switching_pj"].get<double>() +
                 energy["macros_pj"].get<double>()));
    CHECK(energy["delay_pj_ns"] ==
          Approx(energy["total_pj"].get<double>() * silicon["time_ns"].get<double>()));
    CHECK(silicon["energy_delay"]["on_chip"] ==
          Approx(run["energy_per_image"]["on_chip"].get<double>() *
                 silicon["time_ns"].get<double>()));
    double area = 0;
    double macros = 0;
    double slowest = 0;
    for (const json& layer : run["layers"]) {
      const json& part = layer["silicon"];
      area += part["cells_um2"].get<double>();
      macros += part["macros_um2"].get<double>();
      if (part["period_ns"] > slowest) {
        slowest = part["period_ns"];
        CHECK(slowest <= period);
      }
      if (layer["name"] == silicon["slowest_layer"]) {
        CHECK(part["period_ns"] == period);
        CHECK(part["longest_path"] == silicon["longest_path"]);
      }
      CHECK(part["compute_time_ns"] == Approx(layer["compute_cycles"].get<double>() * period));
    }
    CHECK(slowest == period);
    CHECK(silicon["cells_um2"] == Approx(area));
    CHECK(silicon["macros_um2"] == Approx(macros));
    CHECK(silicon["area_um2"] == Approx(area + macros));
    CHECK(run["config"]["clock_period_ns"] == 5);
    CHECK(run["clock_origin"] == "configured");
    CHECK(run["images_per_second"] ==
          Approx(1e9 / (run["cycles"]["per_image_mean"].get<double>() * 5)));
  }
}

TEST_CASE("people read cycles x period = time, and how sure it is") {
  const json result = compare_json({});
  const std::string text = compare({"--images", "20"}).output;
  for (const char* schedule : kSchedules) {
    const json& run = result["schedules"][schedule];
    const double cycles = run["layers"][0]["compute_cycles"];
    const double period = run["silicon"]["period_ns"];
    CHECK_THAT(text,
               Contains(fmt::format("{:.0f} x {:.2f} = {:.1f}", cycles, period, cycles * period)));
  }
  CHECK_THAT(text, Contains("osu018") && Contains("layers held out: period") &&
                       Contains("longest path") && Contains("energy x delay on chip"));
}

TEST_CASE("with a synthesised clock each machine has its own") {
  const json result = compare_json({"--set", "clock_period_ns=synthesised"});
  for (const json& schedules : {result["schedules"], result["equal_bandwidth"]["schedules"]}) {
    for (const json& run : schedules) {
      const double period = run["silicon"]["period_ns"];
      const double clock = run["config"]["clock_period_ns"];
      CHECK(clock > period - 1e-8);
      CHECK(clock < period + 0.002);
      CHECK(run["clock_origin"] == run["silicon"]["origin"]);
      CHECK(run["scorecard"][1]["from"]["clock_period_ns"] == run["clock_origin"]);
    }
  }
}

TEST_CASE("without a technology nothing is said of time in it") {
  const json result = compare_json({"--technology", "none"});
  CHECK(result["technology"].is_null());
  CHECK(result["schedules"]["dense"]["silicon"].is_null());
  CHECK(result["schedules"]["dense"]["layers"][0]["silicon"].is_null());
  CHECK(result["schedules"]["dense"]["scorecard"][4]["cells_um2"].is_null());
  CHECK_THAT(compare({"--images", "1", "--technology", "none"}).output,
             !Contains("um2") && !Contains("osu018"));
}

TEST_CASE("a technology that is not there is refused with the names there are") {
  CHECK_THAT(refusal({"--technology", "tsmc3"}),
             Contains("tsmc3: ") && Contains("a technology of that name; the names are osu018"));
  CHECK_THAT(refusal({"--technology", "none", "--set", "clock_period_ns=synthesised"}),
             Contains("--set clock_period_ns=synthesised: synthesised needs a technology; name one "
                      "(--technology)"));
  const TemporaryFolder folder;
  CHECK_THAT(refusal({"--technology", folder.path().string()}), Contains("memories.yaml"));
}

TEST_CASE("the scorecard says of its figures where they are from") {
  const json card = compare_json({})["schedules"]["streaming"]["scorecard"];
  CHECK(card[1]["from"]["clock_period_ns"] == "configured");
  CHECK(card[2]["from"]["ns"] == "configured");
  CHECK(card[3]["from"]["on_chip_per_image"] == "table");
  const std::string cells = card[4]["from"]["cells_um2"];
  CHECK((cells == "fitted" || cells == "synthesised"));
  CHECK(card[1]["from"]["time_ns"] == cells);
  CHECK_THAT(compare({"--images", "1"}).output,
             Contains("10 (configured)") && Contains(" (table)") && Contains("(" + cells + ")"));
}
