// `cfcsim lockstep` as a user runs it.

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "golden/network.h"
#include "golden/onnx_file.h"
#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::testing::CommandResult;
using cfc::testing::read_file;
using cfc::testing::refusal_of;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;

namespace {

namespace fs = std::filesystem;

const fs::path kRtl = CFCSIM_SOURCE_DIR "/rtl_ref";

/// Runs it with the RTL of `rtl`, and designs built and kept in `cache`.
CommandResult lockstep(const fs::path& rtl, const fs::path& cache,
                       const std::vector<std::string>& arguments) {
  std::vector<std::string> command{"/usr/bin/env",
                                   "CFCSIM_RTL=" + rtl.string(),
                                   "CFCSIM_CACHE=" + cache.string(),
                                   "CFCSIM_RTL_CXXFLAGS=-O0",
                                   CFCSIM_BINARY,
                                   "lockstep"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return cfc::testing::run_command(command);
}

/// A copy of the RTL in which DIL takes an operand while it still works on another.
fs::path rtl_with_the_hazard(const TemporaryFolder& folder) {
  fs::path rtl = folder / "rtl_ref";
  fs::copy(kRtl, rtl, fs::copy_options::recursive);
  const std::string guarded = "w_run && w_tile_last && !w_k_last";
  std::string text = read_file(rtl / "dil/dil_state_control.v");
  const std::size_t place = text.find(guarded);
  REQUIRE(place != std::string::npos);
  write_file(rtl / "dil/dil_state_control.v",
             text.replace(place, guarded.size(), "w_run && !w_k_last"));
  return rtl;
}

/// What runs an image of `rows` x `columns` pixels through a network of one layer.
std::vector<std::string> one_layer(const TemporaryFolder& folder,
                                   const decltype(cfc::golden::Layer::weights)& weights, int rows,
                                   int columns) {
  cfc::golden::Layer layer;
  layer.name = "only";
  layer.weights = weights;
  layer.bias = cfc::golden::VectorS32::Zero(layer.outputs());
  cfc::golden::Network network;
  network.layers.push_back(layer);
  cfc::golden::write_network(network, folder / "network.onnx");
  const auto u32 = [](int value) {
    return std::string{'\0', '\0', static_cast<char>(value >> 8), static_cast<char>(value)};
  };
  write_file(folder / "t10k-images-idx3-ubyte",
             std::string("\0\0\x08\x03", 4) + u32(1) + u32(rows) + u32(columns) +
                 std::string(static_cast<std::size_t>(rows * columns), 'x'));
  write_file(folder / "t10k-labels-idx1-ubyte", std::string("\0\0\x08\x01", 4) + u32(1) + '\1');
  return {"--data", folder.path(), "--split", "test", "--network", folder / "network.onnx"};
}

cfc::golden::FactorisedWeights tiny_factors() {
  cfc::golden::FactorisedWeights factors;
  factors.u = cfc::golden::MatrixS8::Ones(2, 1);
  factors.v = cfc::golden::MatrixS8::Ones(1, 2);
  factors.z_bits = 8;
  return factors;
}

std::ptrdiff_t libraries_in(const fs::path& cache) {
  return std::count_if(fs::directory_iterator(cache), {}, [](const fs::directory_entry& entry) {
    return fs::exists(entry.path() / "librtl.so");
  });
}

/// Runs it until the hazard makes a difference.
CommandResult lockstep_with_the_hazard(const TemporaryFolder& folder, const fs::path& waveform,
                                       const fs::path& json) {
  return lockstep(rtl_with_the_hazard(folder), folder / "cache",
                  {"--data", CFCSIM_TEST_DATA, "--images", "5", "--set", "layers.1.lanes_v=16",
                   "--waveform", waveform, "--json", json});
}

/// A waveform as a viewer reads it.
class Vcd {
 public:
  explicit Vcd(const std::string& text) : words_(text) {
    std::vector<std::string> scopes;
    for (std::string word; words_ >> word && word != "$enddefinitions";) {
      if (word == "$scope") scopes.push_back(next(2));
      if (word == "$upscope") scopes.pop_back();
      if (word == "$var") {
        const std::string identifier = next(3);
        identifiers_[scopes.back() + '.' + next(1)] = identifier;
      }
    }
    for (std::string word; words_ >> word;) {
      if (word.front() == '#') last_time_ = std::stoull(word.substr(1));
      if (word.front() == 'b') changes_[next(1)][last_time_] = std::stoull(word.substr(1), {}, 2);
    }
  }

  std::uint64_t value_at(const std::string& signal, std::uint64_t time) const {
    return std::prev(changes_.at(identifiers_.at(signal)).upper_bound(time))->second;
  }
  std::uint64_t last_time() const { return last_time_; }

 private:
  /// The `count`th word from here.
  std::string next(int count) {
    std::string word;
    while (count-- > 0) words_ >> word;
    return word;
  }

  std::istringstream words_;
  std::map<std::string, std::string> identifiers_;
  std::map<std::string, std::map<std::uint64_t, std::uint64_t>> changes_;
  std::uint64_t last_time_{0};
};

}  // namespace

TEST_CASE("a fault of the RTL is told with its cycle, layer and signal, and drawn") {
  const TemporaryFolder folder;
  const std::string waveform = folder / "difference.vcd";
  const std::string json = folder / "difference.json";
  const CommandResult result = lockstep_with_the_hazard(folder, waveform, json);
  CAPTURE(result.errors);
  CHECK(result.status == 1);
  CHECK_THAT(result.output, Contains(", layer 1, streaming.engine.w_z_ready: model 0, RTL 1"));
  const auto difference = nlohmann::json::parse(read_file(json))["difference"];
  CHECK(difference["signal"] == "streaming.engine.w_z_ready");
  const auto cycle = difference["cycle"].get<std::uint64_t>();
  CHECK_THAT(result.output, Contains("cycle " + std::to_string(cycle) + ", layer 1"));

  const Vcd drawn(read_file(waveform));
  CHECK(drawn.value_at("model.layer_1_streaming_engine_w_z_ready", cycle) == 0);
  CHECK(drawn.value_at("rtl.layer_1_streaming_engine_w_z_ready", cycle) == 1);
  CHECK(drawn.value_at("model.layer_1_streaming_engine_w_z_ready", cycle - 1) ==
        drawn.value_at("rtl.layer_1_streaming_engine_w_z_ready", cycle - 1));
  CHECK(drawn.last_time() > cycle + 5);
}

TEST_CASE("a waveform that cannot be written does not hide the difference") {
  const TemporaryFolder folder;
  const CommandResult result =
      lockstep_with_the_hazard(folder, "/dev/full", folder / "difference.json");
  CHECK(result.status == 2);
  CHECK_THAT(result.output, Contains(", layer 1, streaming.engine.w_z_ready: model 0, RTL 1"));
  CHECK_THAT(result.errors, Contains("/dev/full: cannot be written"));
  CHECK_THAT(refusal_of(lockstep(kRtl, folder / "cache", {"--waveform", folder / "none/x.vcd"})),
             Contains("none/x.vcd: cannot be written"));
}

TEST_CASE("what agrees is told in three lines, and nothing else is on standard output") {
  const TemporaryFolder folder;
  const std::vector<std::string> arguments{
      "--data", CFCSIM_TEST_DATA,      "--images", "2",
      "--set",  "defaults.lanes_u=16", "--set",    "defaults.lanes_v=8"};
  const CommandResult text = lockstep(kRtl, folder / "cache", arguments);
  CHECK(text.status == 0);
  CHECK(std::count(text.output.begin(), text.output.end(), '\n') == 3);
  auto for_programs = arguments;
  for_programs.insert(for_programs.end(), {"--json", "-"});
  const CommandResult result = lockstep(kRtl, folder / "cache", for_programs);
  const auto document = nlohmann::json::parse(result.output);
  CHECK(document["difference"].is_null());
  CHECK(document["stall_seed"].is_null());
  CHECK(document["first_image"] == 0);
  CHECK(document["split"] == "validation");
  CHECK(document["config"]["layers"]["1"]["lanes_u"] == 16);
  CHECK_THAT(text.output, Contains("with defaults.lanes_u=16, defaults.lanes_v=8\n"));
}

TEST_CASE("a word that the RTL cannot hold is refused before anything is built") {
  const TemporaryFolder folder;
  const cfc::golden::DenseWeights wide{cfc::golden::MatrixS8::Ones(9000, 2)};
  CHECK_THAT(refusal_of(lockstep(kRtl, folder / "cache", one_layer(folder, wide, 90, 100))),
             Contains("layers.1.lanes_u: 9000 elements of 8 bits") &&
                 Contains("more than 65536 bits") && Contains("give fewer"));
  for (const std::string key : {"input_link_width", "layers.1.link_width"}) {
    CHECK_THAT(
        refusal_of(lockstep(kRtl, folder / "cache",
                            {"--data", CFCSIM_TEST_DATA, "--images", "1", "--set", key + "=8193"})),
        Contains(key + ": 8193 elements of 8 bits"));
  }
  CHECK(!fs::exists(folder / "cache"));
}

TEST_CASE("the widest beat that is not refused can be built and run") {
  const TemporaryFolder folder;
  auto arguments = one_layer(folder, tiny_factors(), 1, 2);
  arguments.insert(arguments.end(), {"--set", "layers.1.link_width=2048"});  // sums of 32 bits
  CHECK(lockstep(kRtl, folder / "cache", arguments).status == 0);
}

TEST_CASE("a library is kept for the flags that it was compiled with") {
  const TemporaryFolder folder;
  auto arguments = one_layer(folder, tiny_factors(), 1, 2);
  CHECK(lockstep(kRtl, folder / "cache", arguments).status == 0);
  CHECK(libraries_in(folder / "cache") == 1);
  CHECK(lockstep(kRtl, folder / "cache", arguments).status == 0);
  CHECK(libraries_in(folder / "cache") == 1);
  arguments.insert(arguments.begin(),
                   {"/usr/bin/env", "CFCSIM_RTL_CXXFLAGS=-O1",
                    "CFCSIM_CACHE=" + (folder / "cache").string(), CFCSIM_BINARY, "lockstep"});
  CHECK(cfc::testing::run_command(arguments).status == 0);
  CHECK(libraries_in(folder / "cache") == 2);
}

TEST_CASE("kind 19, whose fault: a damaged library in the cache is built again") {
  const TemporaryFolder folder;
  const auto arguments = one_layer(folder, tiny_factors(), 1, 2);
  REQUIRE(lockstep(kRtl, folder / "cache", arguments).status == 0);
  for (const auto& entry : fs::recursive_directory_iterator(folder / "cache")) {
    if (entry.path().extension() == ".so") fs::resize_file(entry.path(), 1000);
  }
  CHECK(lockstep(kRtl, folder / "cache", arguments).status == 0);
}

TEST_CASE("kind 12, environment: where nothing can be built, or others could, is refused by name") {
  const TemporaryFolder folder;
  const auto refusal_with = [&](const std::vector<std::string>& settings) {
    std::vector<std::string> command{"/usr/bin/env", "CFCSIM_CACHE=" + (folder / "cache").string()};
    command.insert(command.end(), settings.begin(), settings.end());
    command.insert(command.end(),
                   {CFCSIM_BINARY, "lockstep", "--data", CFCSIM_TEST_DATA, "--images", "1"});
    return refusal_of(cfc::testing::run_command(command));
  };
  CHECK_THAT(refusal_with({"CFCSIM_CACHE=/proc/none"}), Contains("/proc/none: cannot be made"));
  CHECK_THAT(refusal_with({"CFCSIM_RTL=/none"}), Contains("/none: holds no RTL"));
  CHECK_THAT(refusal_with({"CXX=no-compiler"}), Contains("no-compiler cannot be run; install it"));
  CHECK_THAT(refusal_with({"CFCSIM_CACHE=/tmp/a\"b"}), Contains("compilers cannot take quotes"));
  // Relative and empty ones count as not there.
  CHECK_THAT(refusal_with({"CFCSIM_CACHE=", "XDG_CACHE_HOME=relative", "HOME="}),
             Contains("there is no place for compiled RTL"));
  CHECK_FALSE(fs::exists("relative"));
  fs::create_directory(folder / "open to all");
  fs::permissions(folder / "open to all", fs::perms::all);
  CHECK_THAT(refusal_with({"CFCSIM_CACHE=" + (folder / "open to all").string()}),
             Contains("it is not yours or others can write it"));
}

TEST_CASE("kind 15, code that the user did not name: none of the current folder is run") {
  const TemporaryFolder folder;
  fs::create_directories(folder / "testbench/rtl");
  fs::create_directories(folder / "golden/models");
  const fs::path script = folder / "testbench/rtl/build_rtl_library";
  write_file(script, "#!/bin/sh\ntouch '" + (folder / "was run").string() + "'\nexit 1\n");
  fs::permissions(script, fs::perms::owner_all);
  write_file(folder / "golden/models/mnist-784-50-100-10-r30.onnx", "another network");
  const auto arguments = one_layer(folder, tiny_factors(), 1, 2);
  const fs::path here = fs::current_path();
  fs::current_path(folder.path());
  const CommandResult result = lockstep(kRtl, folder / "cache", arguments);
  const CommandResult verified = cfc::testing::run_command(
      {CFCSIM_BINARY, "verify", "--data", CFCSIM_TEST_DATA, "--images", "1"});
  fs::current_path(here);
  CHECK(result.status == 0);
  CHECK(verified.status == 0);
  CHECK_FALSE(fs::exists(folder / "was run"));
}
