// Every result says what it is of, so that it can be made again.

#include <algorithm>
#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

using cfc::testing::CommandResult;
using cfc::testing::TemporaryFolder;
using nlohmann::json;

namespace {

CommandResult run(std::vector<std::string> command, const std::vector<std::string>& more) {
  command.insert(command.begin(), CFCSIM_BINARY);
  command.insert(command.end(), {"--data", CFCSIM_TEST_DATA, "--split", "test", "--first", "3",
                                 "--images", "1", "--set", "defaults.lanes_u=64"});
  command.insert(command.end(), more.begin(), more.end());
  return cfc::testing::run_command(command);
}

json result_of(const std::vector<std::string>& command) {
  return cfc::testing::json_of(run(command, {"--json", "-"}));
}

void check_manifest(const json& result) {
  CAPTURE(result["schema"]);
  CHECK(result["config_source"] == "the default configuration with defaults.lanes_u=64");
  CHECK(result["split"] == "test");
  CHECK(result["first_image"] == 3);
  CHECK(result["version"].is_string());
  CHECK(result["network"]["file"] == "mnist-784-50-100-10-r30.onnx");
  CHECK(result["network"]["sha256"].get<std::string>().size() == 64);
  CHECK(result["network"]["metadata"].is_object());
}

}  // namespace

TEST_CASE("a result of one configuration carries it") {
  const TemporaryFolder folder;
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"verify"},
        {"trace", "-o", folder / "trace"},
        {"export", "accesses", "-o", folder / "accesses.csv"}}) {
    const json result = result_of(command);
    check_manifest(result);
    CHECK(result["config"]["layers"]["1"]["lanes_u"] == 64);
  }
}

TEST_CASE("a result of several configurations carries each") {
  const json comparison = result_of({"compare"});
  check_manifest(comparison);
  CHECK(comparison["schedules"]["dense"]["config"]["layers"]["1"]["lanes_u"] == 64);
  CHECK(comparison["dense_network_sha256"].get<std::string>().size() == 64);

  const json platforms = result_of({"platform"});
  check_manifest(platforms);
  CHECK(platforms["runs"][0]["config"]["layers"]["1"]["lanes_u"] == 64);
}

TEST_CASE("people are told of what was overridden, too") {
  for (const char* command : {"verify", "compare"}) {
    const CommandResult result = run({command}, {});
    CHECK_THAT(result.output, Catch::Contains(" on the default configuration with "
                                              "defaults.lanes_u=64"));
  }
}

TEST_CASE("a synthesised clock is in every result as a number, with where it is from") {
  const TemporaryFolder folder;
  cfc::testing::write_file(folder / "synthesised.yaml", "clock_period_ns: synthesised\n");
  const std::string config = folder / "synthesised.yaml";
  const json period =
      result_of({"verify", "--set", "clock_period_ns=synthesised"})["config"]["clock_period_ns"];
  CHECK(period > 0);
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"verify"},
        {"trace", "-o", folder / "trace"},
        {"export", "rtl", "-o", folder / "rtl"},
        {"export", "accesses", "-o", folder / "accesses.csv"}}) {
    std::vector<std::string> with_file = command;
    with_file.insert(with_file.end(), {"--config", config});
    const json result = result_of(with_file);
    CAPTURE(result["schema"]);
    CHECK(result["config"]["clock_period_ns"] == period);
    CHECK((result["clock_origin"] == "fitted" || result["clock_origin"] == "synthesised"));
    CHECK(result["technology"]["name"] == "osu018");
    std::filesystem::remove_all(folder / "rtl");  // export rtl wants a new folder
    const CommandResult refused = run(with_file, {"--technology", "none"});
    CHECK_THAT(
        cfc::testing::refusal_of(refused),
        Catch::Contains("synthesised.yaml:1: clock_period_ns: synthesised needs a technology"));
  }
  const json platforms = result_of({"platform", "--config", config});
  CHECK(platforms["runs"][0]["config"]["clock_period_ns"] == period);
  CHECK(platforms["runs"][0]["clock_origin"] != "configured");
  CHECK(platforms["technology"]["name"] == "osu018");
}

TEST_CASE("a configured clock needs no technology, and no result names one") {
  const json result = result_of({"verify"});
  CHECK(result["clock_origin"] == "configured");
  CHECK_FALSE(result.contains("technology"));
}

TEST_CASE("info resolves a synthesised clock, too") {
  const TemporaryFolder folder;
  cfc::testing::write_file(folder / "synthesised.yaml", "clock_period_ns: synthesised\n");
  const json result = cfc::testing::json_of(cfc::testing::run_command(
      {CFCSIM_BINARY, "info", folder / "synthesised.yaml", "--json", "-"}));
  CHECK(result["config"]["clock_period_ns"].is_number());
  CHECK(result["clock_origin"] != "configured");
  CHECK(result["technology"]["name"] == "osu018");
}

TEST_CASE("an access trace of a workload runs at a synthesised clock, too") {
  const TemporaryFolder folder;
  const json result = cfc::testing::json_of(cfc::testing::run_command(
      {CFCSIM_BINARY, "export", "accesses", "--workload", "jet-tagging", "-o", folder / "a.csv",
       "--set", "clock_period_ns=synthesised", "--json", "-"}));
  CHECK(result["config"]["clock_period_ns"].is_number());
  CHECK(result["clock_origin"] != "configured");
}
