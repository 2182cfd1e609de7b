// cfcsim platform as users meet it.

#include <algorithm>
#include <filesystem>
#include <limits>
#include <regex>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "golden/network.h"
#include "golden/onnx_file.h"
#include "platform/system/arrivals.h"
#include "platform/system/platform_stages.h"
#include "tests/helpers/command.h"
#include "tests/helpers/random_networks.h"
#include "tests/helpers/temporary_folder.h"

namespace cfc::testing {
namespace {

using nlohmann::json;

CommandResult platform(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {CFCSIM_BINARY, "platform", "--data", CFCSIM_TEST_DATA});
  return run_command(arguments);
}

json result_of(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--json", "-"});
  return json_of(platform(arguments));
}

/// By trying every way to cut.
int smallest_largest_share(const std::vector<int>& sizes, int count) {
  const auto gaps = static_cast<int>(sizes.size()) - 1;
  int best = std::numeric_limits<int>::max();
  for (unsigned cuts = 0; cuts < 1U << gaps; ++cuts) {
    int pieces = 1;
    int share = 0;
    int largest = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      share += sizes[i];
      largest = std::max(largest, share);
      if ((cuts >> i & 1U) == 0) continue;
      ++pieces;
      share = 0;
    }
    if (pieces == count) best = std::min(best, largest);
  }
  return best;
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

TEST_CASE("the order of processes that run at one time does not matter", "[platform]") {
  // A watch that never bites gives the kernel other events to sort.
  const auto run = [](const char* time_out_cycles) {
    json result =
        result_of({"--images", "300", "--batch", "16", "--weights", "per_batch", "--accelerators",
                   "3", "--time-out-cycles", time_out_cycles})["runs"][0];
    result.erase("speed");
    return result;
  };
  const json unwatched = run("0");
  for (const char* cycles : {"10000000", "12345", "999999"}) CHECK(run(cycles) == unwatched);
}

TEST_CASE("layers on different accelerators keep every bit", "[platform]") {
  for (const char* accelerators : {"2", "3"}) {
    const json run = result_of({"--images", "60", "--batch", "4", "--accelerators", accelerators,
                                "--parallel", "model", "--weights", "per_batch"})["runs"][0];
    CHECK(run["wrong_logits"] == 0);
    CHECK(run["jobs"] == 15);
    CHECK(run["parallel"] == "model");
    // 784 pixels, 50 and 100 activations, 10 logits, each in multiples of 64 bytes; the activations
    // go and come.
    const int written = std::string(accelerators) == "2" ? 64 + 64 : 64 + 128 + 64;
    CHECK(run["memory"]["written_bytes_per_image"] == written);
    int layers = 0;
    for (const json& share : run["shares"]) {
      CHECK(share["first_layer"] == layers + 1);
      CHECK(share["busy"].get<double>() > 0.1);
      CHECK(share["busy"].get<double>() <= 1);
      layers += share["layers"].get<int>();
    }
    CHECK(layers == 3);
  }
}

TEST_CASE("layers are shared so that the largest share is smallest", "[platform]") {
  const std::uint64_t seed = test_seed();
  INFO("seed " << seed);
  Generator generator(seed);
  for (int i = 0; i < 50; ++i) {
    golden::Network network;
    std::vector<int> sizes;  // n: of layers of one input, a weight an output
    for (int layer = uniform(generator, 1, 7); layer > 0; --layer) {
      sizes.push_back(uniform(generator, 1, 40));
      network.layers.push_back(
          {"", golden::DenseWeights{golden::MatrixS8::Zero(1, sizes.back()), 8},
           golden::VectorS32::Zero(sizes.back()), golden::Requantisation::by_shift(0)});
    }
    Configuration configuration;
    for (const LayerShape& shape : shapes_of(network)) {
      configuration.layers.emplace_back().shape = shape;
      configuration.layers.back().schedule = Schedule::dense;
    }
    const int count = uniform(generator, 1, static_cast<int>(sizes.size()));
    int largest = 0;
    std::size_t layer = 0;
    for (const PlatformStage& stage :
         cut_into_stages(network, configuration, static_cast<unsigned>(count))) {
      int share = 0;
      for (const golden::Layer& one : stage.network.layers) {
        CHECK(one.outputs() == sizes[layer]);
        share += sizes[layer++];
      }
      CHECK(!stage.network.layers.empty());
      largest = std::max(largest, share);
    }
    CHECK(layer == sizes.size());
    CHECK(largest == smallest_largest_share(sizes, count));
  }
}

TEST_CASE("a load experiment says load, rate and latency of every batch size", "[platform]") {
  const json document = result_of({"--experiment", "load", "--images", "60", "--batches", "1,4",
                                   "--weights", "per_batch", "--batch-timeout-us", "5"});
  const json& runs = document["runs"];
  REQUIRE(runs.size() == 4 + 4 * 7);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const json& run = runs[i];
    const std::size_t machine = i < 4 ? i : (i - 4) / 7;
    CHECK(run["wrong_logits"] == 0);
    CHECK(run["batch"] == (machine < 2 ? 1 : 4));
    CHECK(run["weight_period"] == run["batch"]);
    CHECK(run["accelerators"] == 1 + machine % 2);
    CHECK(run.contains("load") == (i >= 4));
    if (i < 4) continue;
    CHECK(run["arrivals"]["images_per_second"].get<double>() ==
          Approx(run["load"].get<double>() *
                 runs[machine]["throughput_images_per_second"].get<double>()));
  }
  // A larger batch shares its weights, so it can do more.
  CHECK(runs[2]["throughput_images_per_second"] > runs[0]["throughput_images_per_second"]);
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

TEST_CASE("an interrupt ends a platform inside a run, with no result", "[platform]") {
  const TemporaryFolder folder;
  // One job of all images, half a minute long and more. `--foreground`: the signal
  // goes to the command alone, and not to the processes that it has started.
  for (const char* signal : {"INT", "TERM"}) {
    const CommandResult result = run_command({"/usr/bin/timeout",
                                              "--foreground",
                                              "--preserve-status",
                                              "-s",
                                              signal,
                                              "-k",
                                              "20",
                                              "2",
                                              CFCSIM_BINARY,
                                              "platform",
                                              "--data",
                                              CFCSIM_TEST_DATA,
                                              "--split",
                                              "train",
                                              "--batch",
                                              "1000000",
                                              "--weights",
                                              "per_image",
                                              "--json",
                                              folder / "run.json"});
    CHECK(result.status == 130);
    CHECK(result.output.empty());
    CHECK(result.errors == "cfcsim: interrupted; there is no result\n");
    CHECK(std::filesystem::is_empty(folder.path()));
  }
}

TEST_CASE("images that come once an hour take no time to simulate", "[platform]") {
  const json run = result_of(
      {"--images", "3", "--arrivals", "periodic", "--rate", "0.0004", "--batch", "2"})["runs"][0];
  CHECK(run["wrong_logits"] == 0);
  CHECK(run["elapsed_ns"].get<double>() == Approx(7500e9));
  CHECK(run["memory"]["refreshes"].get<double>() == Approx(7500e9 / 7800).epsilon(1e-6));
  CHECK(run["speed"]["processor_seconds"].get<double>() < 1);
}

TEST_CASE("a slow memory is waited for, and the wait may be limited", "[platform]") {
  const TemporaryFolder folder;
  const std::string slow = folder / "slow.yaml";
  write_file(slow, std::regex_replace(
                       read_file(CFCSIM_SOURCE_DIR "/testbench/platforms/ddr3_1600_x16.yaml"),
                       std::regex("controller_latency_ns: 25"), "controller_latency_ns: 1000000"));
  const std::vector<std::string> arguments = {"--images", "2",     "--memory",
                                              slow,       "--set", "clock_period_ns=0.05"};
  CHECK(result_of(arguments)["runs"][0]["wrong_logits"] == 0);

  std::vector<std::string> limited = arguments;
  limited.insert(limited.end(), {"--time-out-cycles", "10000000"});
  CHECK(refusal_of(platform(limited)) ==
        "cfcsim: accelerator 0: TIME_OUT, no response from memory (address 0x80000000); give more "
        "--time-out-cycles, or 0 to wait for ever\n");
}

TEST_CASE("every wait of the accelerators is in the result", "[platform]") {
  const json run = result_of({"--images", "8", "--batch", "8"})["runs"][0];
  for (const char* wait : {"wait_input", "wait_weights", "wait_z", "wait_output"}) {
    CHECK(run["stalls_cycles_per_image"].contains(wait));
  }
}

TEST_CASE("the text has every percentile and the bus", "[platform]") {
  const CommandResult result = platform({"--images", "8"});
  for (const char* column : {"p50 us", "p95 us", "p99 us", "bus", "DRAM"}) {
    CHECK_THAT(result.output, Catch::Matchers::Contains(column));
  }
}

TEST_CASE("an option that changes nothing is refused", "[platform]") {
  struct Case {
    std::vector<std::string> arguments;
    const char* message;
  };
  for (const Case& bad : std::vector<Case>{
           {{"--z", "unfused"}, "--z unfused: only a sequential layer"},
           {{"--rate", "10"}, "--rate: has no meaning for images back to back"},
           {{"--seed", "2"}, "--seed: has no meaning for images back to back"},
           {{"--batch-timeout-us", "2"}, "--batch-timeout-us: has no meaning"},
           {{"--arrivals", "periodic", "--rate", "1e5", "--seed", "2"}, "--seed: has no meaning"},
           {{"--batches", "1,4"}, "--batches: has no meaning in --experiment run, only in load"},
           {{"--experiment", "load", "--batches", "1,4", "--batch", "2"}, "--batch: --batches"},
           {{"--experiment", "load", "--accelerators", "2"}, "--accelerators: has no meaning"},
           {{"--experiment", "placement", "--weights", "on_chip"}, "--weights: has no meaning"},
           {{"--experiment", "parallel", "--arrivals", "poisson"}, "only in run; leave it out"}}) {
    CHECK_THAT(refusal_of(platform(bad.arguments)), Catch::Matchers::Contains(bad.message));
  }
}

TEST_CASE("placement wants a dense network of the same shapes", "[platform]") {
  const std::string factorised = CFCSIM_SOURCE_DIR "/golden/models/mnist-784-50-100-10-r16.onnx";
  CHECK_THAT(
      refusal_of(platform({"--experiment", "placement", "--dense-network", factorised})),
      Catch::Matchers::Contains("--dense-network " + factorised + ": should have plain layers"));
}

TEST_CASE("bad usage of platform is refused", "[platform]") {
  struct Case {
    std::vector<std::string> arguments;
    const char* message;
  };
  const TemporaryFolder folder;
  const std::string one_row = folder / "one_row.yaml";
  write_file(one_row, std::regex_replace(
                          read_file(CFCSIM_SOURCE_DIR "/testbench/platforms/ddr3_1600_x16.yaml"),
                          std::regex("rows: 16384"), "rows: 1"));
  for (const Case& bad :
       std::vector<Case>{{{"--arrivals", "poisson"}, "--rate"},
                         {{"--arrivals", "poisson", "--rate", "nan"}, "--rate"},
                         {{"--arrivals", "periodic", "--rate", "1e-300"},
                          "--rate 1e-300: the last of 9000 images would come after"},
                         {{"--batch-timeout-us", "nan"}, "--batch-timeout-us"},
                         {{"--memory", "nope"}, "or one of ddr3_1600_x16, ddr3_1600_x64, simple"},
                         {{"--memory", "/nonexistent.yaml"}, "/nonexistent.yaml cannot be read"},
                         {{"--memory", one_row}, "holds 16384 bytes"},
                         {{"--accelerators", "0"}, "--accelerators"},
                         {{"--accelerators", "4", "--parallel", "model"}, "only 3 layers"},
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

TEST_CASE("kind 17, too late: what the image of a network cannot hold is refused before a run",
          "[platform]") {
  const cfc::testing::TemporaryFolder folder;
  cfc::golden::Network deep;
  deep.layers.resize(65);
  for (std::size_t i = 0; i < deep.layers.size(); ++i) {
    deep.layers[i].name = "layer" + std::to_string(i);
    deep.layers[i].weights =
        cfc::golden::DenseWeights{cfc::golden::MatrixS8::Zero(i == 0 ? 784 : 2, 2)};
    deep.layers[i].bias = cfc::golden::VectorS32::Zero(2);
    if (i < 64) deep.layers[i].requantisation = cfc::golden::Requantisation::by_shift(0);
  }
  cfc::golden::write_network(deep, folder / "deep.onnx");
  CHECK_THAT(cfc::testing::refusal_of(
                 cfc::testing::run_command({CFCSIM_BINARY, "platform", "--data", CFCSIM_TEST_DATA,
                                            "--images", "1", "--network", folder / "deep.onnx"})),
             Catch::Contains("the network has 65 layers; in a platform's memory it can have 64"));
}
