// cfcsim platform as users meet it.

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "testbench/arrivals.h"
#include "tests/support/command.h"

namespace cfc::testing {
namespace {

using nlohmann::json;

CommandResult platform(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {CFCSIM_BINARY, "platform", "--data", CFCSIM_TEST_DATA});
  return run_command(arguments);
}

json result_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--json", "-"});
  const CommandResult result = platform(arguments);
  INFO(result.errors);
  REQUIRE(result.status == 0);
  return json::parse(result.output);
}

TEST_CASE("both styles give the same run, with nothing else on the bus", "[platform]") {
  const std::vector<std::string> common = {"--images", "100",       "--batch",
                                           "16",       "--weights", "per_batch"};
  std::vector<json> runs;
  for (const char* style : {"loose", "approximate"}) {
    std::vector<std::string> arguments = common;
    arguments.insert(arguments.end(), {"--style", style});
    json run = result_of(arguments)["runs"][0];
    CHECK(run["wrong_logits"] == 0);
    CHECK(run["style"] == std::string(style) + "ly_timed");
    run.erase("style");
    run.erase("speed");
    runs.push_back(run);
  }
  CHECK(runs[0] == runs[1]);
}

TEST_CASE("a second accelerator shortens a run, and keeps every bit", "[platform]") {
  const auto elapsed = [](const char* accelerators) {
    const json run =
        result_of({"--images", "120", "--batch", "4", "--accelerators", accelerators})["runs"][0];
    CHECK(run["wrong_logits"] == 0);
    CHECK(run["jobs"] == 30);
    return run["elapsed_ns"].get<double>();
  };
  const double one = elapsed("1");
  const double two = elapsed("2");
  CHECK(two < 0.6 * one);
  CHECK(two > 0.45 * one);
}

TEST_CASE("batches end by size and by time-out", "[platform]") {
  // An image every 100 us, far slower than the accelerator.
  const auto jobs = [](const char* timeout_us) {
    const json run = result_of({"--images", "20", "--arrivals", "periodic", "--rate", "10000",
                                "--batch", "4", "--batch-timeout-us", timeout_us})["runs"][0];
    return std::pair(run["jobs"].get<int>(), run["latency"]["max_ns"].get<double>());
  };
  CHECK(jobs("0").first == 20);
  CHECK(jobs("0").second < 10e3);
  CHECK(jobs("1000").first == 5);
  CHECK(jobs("1000").second > 300e3);  // the first of four waits for three more
  CHECK(jobs("150").first == 10);
}

TEST_CASE("where memory is the bottleneck, streaming has no advantage left", "[platform]") {
  const json document = result_of({"--experiment", "placement", "--images", "64"});
  CHECK(document["schema"] == "cfcsim.platform/1");
  CHECK(document["runs"].size() == 24);
  const auto cycles = [&](const std::string& name) {
    for (const json& run : document["runs"]) {
      if (run["name"] == name) return run["cycles_per_image"].get<double>();
    }
    FAIL(name);
    return 0.0;
  };
  CHECK(cycles("streaming, on chip") < 0.8 * cycles("sequential, on chip"));
  CHECK(cycles("streaming, DRAM per image") ==
        Approx(cycles("sequential, DRAM per image")).epsilon(0.01));
  CHECK(cycles("sequential unfused, on chip") > cycles("sequential, on chip"));
  CHECK(cycles("dense, DRAM per image") > 1.3 * cycles("streaming, DRAM per image"));
}

TEST_CASE("Poisson arrivals have their rate, and a seed repeats them", "[platform]") {
  const Arrivals arrivals{ArrivalKind::poisson, 1e5, 3};
  const std::vector<double> times = arrival_times(arrivals, 20000);
  CHECK(std::is_sorted(times.begin(), times.end()));
  CHECK(times.back() == Approx(0.2).epsilon(0.03));  // 4 standard deviations
  CHECK(times == arrival_times(arrivals, 20000));
  CHECK(times != arrival_times({ArrivalKind::poisson, 1e5, 4}, 20000));
}

TEST_CASE("bad usage of platform is refused", "[platform]") {
  struct Case {
    std::vector<std::string> arguments;
    const char* message;
  };
  for (const Case& bad :
       std::vector<Case>{{{"--arrivals", "poisson"}, "--rate"},
                         {{"--memory", "/nonexistent.yaml"}, "/nonexistent.yaml cannot be read"},
                         {{"--accelerators", "0"}, "--accelerators"},
                         {{"--weights", "elsewhere"}, "--weights"},
                         {{"--energy-table", "eyeriss"}, "pJ"},
                         {{"--experiment", "all"}, "--experiment"}}) {
    const CommandResult result = platform(bad.arguments);
    CHECK(result.status == 2);
    CHECK(result.output.empty());
    CHECK_THAT(result.errors, Catch::Matchers::Contains(bad.message));
  }
}

}  // namespace
}  // namespace cfc::testing
