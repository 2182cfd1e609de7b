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
#include "tests/support/command.h"
#include "tests/support/temporary_folder.h"

using Catch::Contains;
using cfc::testing::CommandResult;
using cfc::testing::read_file;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;

namespace {

namespace fs = std::filesystem;

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
  fs::copy(CFCSIM_SOURCE_DIR "/rtl_ref", rtl);
  const std::string guarded = "w_run && w_tile_last && !w_k_last";
  std::string text = read_file(rtl / "dil_state_control.v");
  const std::size_t place = text.find(guarded);
  REQUIRE(place != std::string::npos);
  write_file(rtl / "dil_state_control.v",
             text.replace(place, guarded.size(), "w_run && !w_k_last"));
  return rtl;
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
  CHECK_THAT(result.output, Contains(", layer 1, z_ready: model 0, RTL 1"));
  const auto difference = nlohmann::json::parse(read_file(json))["difference"];
  CHECK(difference["signal"] == "z_ready");
  const auto cycle = difference["cycle"].get<std::uint64_t>();
  CHECK_THAT(result.output, Contains("cycle " + std::to_string(cycle) + ", layer 1"));

  const Vcd drawn(read_file(waveform));
  CHECK(drawn.value_at("model.layer_1_z_ready", cycle) == 0);
  CHECK(drawn.value_at("rtl.layer_1_z_ready", cycle) == 1);
  CHECK(drawn.value_at("model.layer_1_z_ready", cycle - 1) ==
        drawn.value_at("rtl.layer_1_z_ready", cycle - 1));
  CHECK(drawn.last_time() > cycle + 5);
}

TEST_CASE("a waveform that cannot be written does not hide the difference") {
  const TemporaryFolder folder;
  const CommandResult result =
      lockstep_with_the_hazard(folder, folder / "missing/x.vcd", folder / "difference.json");
  CHECK(result.status == 2);
  CHECK_THAT(result.output, Contains(", layer 1, z_ready: model 0, RTL 1"));
  CHECK_THAT(result.errors, Contains("x.vcd: cannot be written"));
}

TEST_CASE("what agrees is told in three lines, and nothing else is on standard output") {
  const TemporaryFolder folder;
  const std::vector<std::string> arguments{
      "--data", CFCSIM_TEST_DATA,      "--images", "2",
      "--set",  "defaults.lanes_u=16", "--set",    "defaults.lanes_v=8"};
  const CommandResult text = lockstep(CFCSIM_SOURCE_DIR "/rtl_ref", folder / "cache", arguments);
  CHECK(text.status == 0);
  CHECK(std::count(text.output.begin(), text.output.end(), '\n') == 3);
  auto for_programs = arguments;
  for_programs.insert(for_programs.end(), {"--json", "-"});
  const CommandResult result =
      lockstep(CFCSIM_SOURCE_DIR "/rtl_ref", folder / "cache", for_programs);
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
  cfc::golden::Layer layer;
  layer.name = "wide";
  layer.weights = cfc::golden::DenseWeights{cfc::golden::MatrixS8::Ones(9000, 2)};
  layer.bias = cfc::golden::VectorS32::Zero(2);
  cfc::golden::Network network;
  network.layers.push_back(layer);
  cfc::golden::write_network(network, folder / "wide.onnx");
  const auto u32 = [](int value) {
    return std::string{'\0', '\0', static_cast<char>(value >> 8), static_cast<char>(value)};
  };
  write_file(folder / "t10k-images-idx3-ubyte",
             std::string("\0\0\x08\x03", 4) + u32(1) + u32(90) + u32(100) + std::string(9000, 'x'));
  write_file(folder / "t10k-labels-idx1-ubyte", std::string("\0\0\x08\x01", 4) + u32(1) + '\1');

  const std::vector<std::string> arguments{"--data", folder.path(), "--split",
                                           "test",   "--network",   folder / "wide.onnx"};
  const CommandResult result = lockstep(CFCSIM_SOURCE_DIR "/rtl_ref", folder / "cache", arguments);
  CHECK_THAT(cfc::testing::refusal_of(result), Contains("layers.1.lanes_u: 9000 lanes of 8 bits") &&
                                                   Contains("more than 65536 bits") &&
                                                   Contains("give fewer"));
  CHECK(!fs::exists(folder / "cache"));
}
