// Workloads and `cfcsim info` as a user runs them.

#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

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
const char* const kSchedules[] = {"dense", "sequential", "streaming"};

CommandResult cfcsim(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), CFCSIM_BINARY);
  return cfc::testing::run_command(arguments);
}

json cfcsim_json(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--json", "-"});
  return cfc::testing::json_of(cfcsim(std::move(arguments)));
}

std::string refusal(const std::vector<std::string>& arguments) {
  return cfc::testing::refusal_of(cfcsim(arguments));
}

/// Three chains: of vectors, of repeats, and a narrow factor.
const char* const kMixed =
    "schema: cfcsim.workload/1\nname: mixed\nsource: a test\nlayers:\n"
    "  - {name: up, m: 20, n: 30, r: 5, vectors: 3, repeat: 2}\n"
    "  - {name: down, m: 30, n: 20, r: 7, weight_bits: 4, vectors: 3, repeat: 2}\n"
    "  - {name: wide, m: 64, n: 9, r: 4, z_bits: 9}\n"
    "  - {name: last, m: 9, n: 3, vectors: 2}\n";

struct MixedWorkload {
  MixedWorkload() { write_file(file, kMixed); }

  TemporaryFolder folder;
  std::string file = folder / "mixed.yaml";
};

}  // namespace

TEST_CASE("the paper's workload has the time and accesses of the committed network") {
  const json workload =
      cfcsim_json({"compare", "--workload", "paper", "--images", "50"})["schedules"];
  const json network = cfcsim_json({"compare", "--data", CFCSIM_TEST_DATA, "--network",
                                    "mnist-784-50-100-10-r30", "--images", "50"})["schedules"];
  for (const char* schedule : kSchedules) {
    INFO(schedule);
    const json& one = workload[schedule];
    const json& other = network[schedule];
    CHECK(one["obtained"] == "timing model");
    CHECK(one["cycles"] == other["cycles"]);
    CHECK(one["latency_cycles"] == other["latency_cycles"]);
    CHECK(one["energy_per_image"] == other["energy_per_image"]);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(one["layers"][i]["memories"] == other["layers"][i]["memories"]);
      CHECK(one["layers"][i]["controllers"] == other["layers"][i]["controllers"]);
    }
  }
}

TEST_CASE("random weights in SystemC give the time and accesses of the timing model") {
  const MixedWorkload mixed;
  for (const std::string config : {"single_cycle", "stepped", "narrow"}) {
    INFO(config);
    const std::vector<std::string> command{"compare",
                                           "--workload",
                                           mixed.file,
                                           "--config",
                                           kSource + "testbench/configs/" + config + ".yaml",
                                           "--images",
                                           "4"};
    std::vector<std::string> simulate = command;
    simulate.insert(simulate.end(), {"--simulate", "--seed", "5"});
    const json predicted = cfcsim_json(command);
    const json simulated = cfcsim_json(simulate);
    CHECK(simulated["workload"]["seed"] == 5);
    CHECK(predicted["workload"]["seed"].is_null());
    for (const char* part : {"/schedules", "/equal_bandwidth/schedules"}) {
      for (const char* schedule : kSchedules) {
        INFO(part << ' ' << schedule);
        const json& one = predicted[json::json_pointer(part)][schedule];
        const json& other = simulated[json::json_pointer(part)][schedule];
        CHECK(other["obtained"] == "simulated");
        CHECK(other["timing_model_agrees"] == true);
        CHECK(other["mismatches"] ==
              json{{"z", 0}, {"activations", 0}, {"logits", 0}, {"classes", 0}});
        CHECK(one["cycles"] == other["cycles"]);
        CHECK(one["layers"] == other["layers"]);
      }
    }
  }
}

TEST_CASE("a sweep of a workload, every point held against SystemC") {
  const MixedWorkload mixed;
  write_file(
      mixed.folder / "grid.yaml",
      "workloads: [mixed.yaml, jet-tagging]\naxes:\n"
      "  defaults.schedule: [dense, sequential, streaming]\n  defaults.lanes_u: [3, full]\n");
  const json swept = cfcsim_json({"sweep", mixed.folder / "grid.yaml", "--db",
                                  mixed.folder / "runs.sqlite", "--energy", "horowitz-45nm",
                                  "--images", "3", "--simulate", "all", "--jobs", "2"});
  CHECK(swept["points"].size() == 12);
  CHECK(swept["simulated"]["points"] == 12);
  CHECK(swept["simulated"]["differences"].empty());
  CHECK(swept["points_failed"] == 0);
  const json compared = cfcsim_json({"compare", "--workload", mixed.file, "--images", "3"});
  int found = 0;
  for (const json& point : swept["points"]) {
    const json& layer = point["configuration"]["layers"]["1"];
    if (point["network_file"] != "mixed.yaml" || layer["lanes_u"] != 20) continue;
    const json& run = compared["schedules"][layer["schedule"].get<std::string>()];
    CHECK(point["cycles"] == run["cycles"]["total"]);
    CHECK(point["latency_cycles"] == run["latency_cycles"]);
    CHECK(point["energy_per_image"].get<double>() ==
          Approx(run["energy_per_image"]["on_chip"].get<double>()));
    ++found;
  }
  CHECK(found == 3);
}

TEST_CASE("a trace of a chain has the accesses that the comparison counts") {
  const MixedWorkload mixed;
  const json run =
      cfcsim_json({"compare", "--workload", mixed.file, "--images", "2"})["schedules"]["streaming"];
  std::map<std::string, std::uint64_t> words;
  for (const std::string chain : {"1", "2", "3"}) {
    const std::string csv = mixed.folder / (chain + ".csv");
    const CommandResult result = cfcsim({"export", "accesses", "--workload", mixed.file, "--chain",
                                         chain, "--images", "2", "-o", csv});
    REQUIRE(result.status == 0);
    std::istringstream lines(read_file(csv));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      const std::size_t layer = line.find(',') + 1;
      ++words[line.substr(layer, line.find(',', line.find(',', layer) + 1) - layer)];
    }
  }
  for (std::size_t i = 0; i < 4; ++i) {
    const json& layer = run["layers"][i];
    for (const auto& [memory, counts] : layer["memories"].items()) {
      INFO(layer["name"] << ' ' << memory);
      const std::uint64_t all =
          counts["read_words"].get<std::uint64_t>() + counts["write_words"].get<std::uint64_t>();
      CHECK(words[std::to_string(i + 1) + ',' + memory] == all / layer["repeat"].get<unsigned>());
    }
  }
  const json told = cfcsim_json({"export", "accesses", "--workload", mixed.file, "--chain", "2",
                                 "-o", mixed.folder / "x.csv"});
  CHECK(told["config"]["layers"].size() == 4);  // numbered as the file's layers are
  CHECK_THAT(refusal({"export", "accesses", "--workload", mixed.file, "--chain", "4", "-o",
                      mixed.folder / "x.csv"}),
             Contains("--chain 4") && Contains("1 to 3"));
}

TEST_CASE("the page shows what cfcsim workloads prints") {
  const CommandResult result = cfcsim({"workloads"});
  REQUIRE(result.status == 0);
  const std::string page = read_file(kSource + "docs/reference/workloads.md");
  const std::size_t begin = page.find("```text\n") + 8;
  CHECK(page.substr(begin, page.find("```", begin) - begin) == result.output);
}

TEST_CASE("every workload of the library says its schedules apart, and dense is n") {
  const json listed = cfcsim_json({"workloads"});
  CHECK(listed["workloads"].size() >= 15);
  for (const json& workload : listed["workloads"]) {
    const std::string name = workload["name"];
    INFO(name);
    CHECK(workload["source"].get<std::string>().size() > 20);
    const json compared = cfcsim_json({"compare", "--workload", name, "--images", "1"});
    for (const char* schedule : kSchedules) {
      const json& figures = workload["schedules"][schedule];
      const json& run = compared["schedules"][schedule];
      CHECK(figures["cycles"] == run["latency_cycles"]);
      CHECK(figures["energy"] == run["energy_per_image"]);
      for (const json& layer : run["layers"]) {
        const bool is_factorised = !layer["r"].is_null();
        const std::int64_t n = layer["n"];
        const std::int64_t r = is_factorised ? layer["r"].get<std::int64_t>() : 0;
        const std::string of = schedule;
        const std::int64_t operations = !is_factorised ? n : of == "streaming" ? r + 1 : r + n;
        CHECK(layer["operations"] == operations);
        CHECK(layer["compute_cycles"] == operations);
      }
    }
  }
}

TEST_CASE("a memory beyond the price table is priced in banks, and the result says so") {
  const CommandResult result = cfcsim({"compare", "--workload", "vgg16-fc", "--images", "1"});
  REQUIRE(result.status == 0);
  CHECK_THAT(result.output, Contains("priced as banks of 8388608 bits") && Contains("fc6 w"));
  CHECK_THAT(cfcsim({"compare", "--workload", "paper", "--images", "1"}).output,
             !Contains("banks"));
  const json priced = cfcsim_json({"compare", "--workload", "paper"});
  CHECK(priced["energy_table"]["bank_bits"] == 8388608);
}

TEST_CASE(
    "a table by words and bits has its fit's errors in the result, and its banks in the text") {
  const std::vector<std::string> command{"compare", "--workload", "paper", "--energy-table",
                                         "fakeram-45nm"};
  CHECK_THAT(cfcsim(command).output, Contains("priced as banks of up to 2048 words of 256 bits"));
  const json table = cfcsim_json(command)["energy_table"];
  CHECK(table["bank_bits"].is_null());
  CHECK(table["words"]["bank_words"] == 2048);
  CHECK(table["words"]["bank_bits"] == 256);
  CHECK(table["words"]["mean_error"] < table["words"]["max_error"]);
  CHECK(table["rows"][4]["words"] == 32);
}

TEST_CASE("no energy table: no energies, and no other figure changes") {
  const json with = cfcsim_json({"compare", "--workload", "ncf"});
  const json without = cfcsim_json({"compare", "--workload", "ncf", "--energy-table", "none"});
  CHECK(without["energy_table"].is_null());
  const json& run = without["schedules"]["streaming"];
  CHECK(run["energy_per_image"].is_null());
  CHECK(run["layers"][0]["energy_per_image"].is_null());
  CHECK(run["cycles"] == with["schedules"]["streaming"]["cycles"]);
  CHECK_THAT(cfcsim({"compare", "--workload", "ncf", "--energy-table", "none"}).output,
             Contains("energy: no table") && !Contains("pJ"));
}

TEST_CASE("a missing price stops a comparison and a sweep before they begin") {
  const TemporaryFolder folder;
  write_file(folder / "narrow.yaml",
             "schema: cfcsim.energy/1\nname: narrow\nunit: pJ\nrows:\n"
             "  - {item: multiply, bits: 4, energy: 1, source: here}\n"
             "  - {item: add, bits: 32, energy: 1, source: here}\n"
             "  - {item: sram, capacity_bits: 64, bits: 8, energy: 1, source: here}\n"
             "  - {item: dram, bits: 8, energy: 1, source: here}\n");
  write_file(folder / "grid.yaml", "axes: {defaults.lanes_u: [3, 4]}\n");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"compare", "--energy-table", folder / "narrow.yaml"},
        {"sweep", folder / "grid.yaml", "--db", folder / "runs.sqlite", "--energy",
         folder / "narrow.yaml"}}) {
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(), {"--workload", "paper"});
    CHECK_THAT(refusal(arguments),
               Contains("no price for a product of 8 and 8 bits") && Contains("narrow.yaml"));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "runs.sqlite"));
}

TEST_CASE("what does not go with a workload is refused") {
  const std::vector<std::string> compare{"compare", "--workload", "paper"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), compare.begin(), compare.end());
    return refusal(more);
  };
  CHECK_THAT(with({"--network", "mnist-784-50-100-10"}), Contains("excludes"));
  CHECK_THAT(with({"--split", "test"}), Contains("excludes"));
  CHECK_THAT(with({"--dense-network", "mnist-784-50-100-10"}), Contains("excludes"));
  CHECK_THAT(with({"--images", "0"}), Contains("--images 0: give 1 to"));
  CHECK_THAT(with({"--seed", "3"}), Contains("--simulate"));
  CHECK_THAT(with({"--set", "layers.4.lanes_u=3"}), Contains("layers 1 to 3"));
  CHECK_THAT(refusal({"compare", "--simulate"}), Contains("--workload"));
  CHECK_THAT(
      refusal({"compare", "--workload", "vgg"}),
      Contains("vgg: there is no such file, nor a workload of that name") && Contains("vgg16-fc"));
  CHECK_THAT(refusal({"verify", "--network", "mnist"}),
             Contains("nor a network of that name") && Contains("mnist-784-50-100-10-r30"));
  const TemporaryFolder folder;
  write_file(folder / "dense.yaml",
             "schema: cfcsim.workload/1\nname: d\nsource: s\nlayers: [{name: a, m: 4, n: 4}]\n");
  CHECK_THAT(refusal({"compare", "--workload", folder / "dense.yaml"}),
             Contains("has no factorised layer"));
  CHECK_THAT(
      refusal({"compare", "--workload", folder / "dense.yaml", "--json", folder / "dense.yaml"}),
      Contains("would overwrite what is there for --workload"));
}

TEST_CASE("short names go everywhere that a network does") {
  const std::string data = CFCSIM_TEST_DATA;
  const std::string name = "mnist-784-50-100-10-r30";
  CHECK(cfcsim({"verify", "--data", data, "--network", name, "--reference", name, "--images", "2"})
            .status == 0);
  CHECK(cfcsim({"platform", "--data", data, "--experiment", "placement", "--images", "2",
                "--dense-network", "mnist-784-50-100-10"})
            .status == 0);
  const TemporaryFolder folder;
  std::filesystem::copy(kSource + "golden/models/" + name + ".onnx", folder / "network.bin");
  CHECK(cfcsim_json({"info", folder / "network.bin"})["kind"] == "network");
}

TEST_CASE("info says what a network, a workload or a configuration is") {
  const json network = cfcsim_json({"info", "mnist-784-50-100-10-r30"});
  CHECK(network["schema"] == "cfcsim.info/1");
  CHECK(network["kind"] == "network");
  const json& layer = network["layers"][0];
  CHECK(layer["r"] == 30);
  CHECK(layer["weights"] == 30 * (784 + 50));
  CHECK(layer["element_bits"]["u"] == 8);
  CHECK(layer["weight_memory_bits"] == 8 * 30 * (784 + 50));
  CHECK(layer["requantise"]["multiplier_bits"] == 0);
  CHECK(layer["largest_sum"]["z"].get<std::int64_t>() > 0);
  CHECK(network["layers"][2]["requantise"].is_null());
  CHECK(network["metadata"].contains("validation_accuracy"));
  CHECK_THAT(cfcsim({"info", "mnist-784-50-100-10-r30"}).output,
             Contains("validation_accuracy: 0.98") && Contains("25020"));

  const json workload = cfcsim_json({"info", "alexnet-fc"});
  CHECK(workload["kind"] == "workload");
  CHECK(workload["layers"][0]["density"] == json{{"weights", 0.09}, {"inputs", 0.351}});

  const json configuration = cfcsim_json({"info", kSource + "testbench/configs/narrow.yaml"});
  CHECK(configuration["kind"] == "configuration");
  CHECK(configuration["config"]["layers"]["1"]["lanes_u"].is_number());

  const TemporaryFolder folder;
  write_file(folder / "x.onnx", "not one");
  CHECK_THAT(refusal({"info", folder / "x.onnx"}), Contains("x.onnx"));
  CHECK_THAT(refusal({"info", "nothing"}),
             Contains("nothing: there is no such file") && Contains("vgg16-fc") && Contains("r30"));
  write_file(folder / "x.yaml", "schema: cfcsim.other/1\n");
  CHECK_THAT(refusal({"info", folder / "x.yaml"}), Contains("key `schema`"));
}
