// `cfcsim verify` as a user runs it.

#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "golden/dataset.h"
#include "golden/inference.h"
#include "golden/onnx_file.h"
#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::testing::CommandResult;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;
using nlohmann::json;

namespace {

const std::string kModels = CFCSIM_SOURCE_DIR "/golden/models/";
const std::string kNetwork = kModels + "mnist-784-50-100-10-r30.onnx";

CommandResult verify(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {CFCSIM_BINARY, "verify", "--data", CFCSIM_TEST_DATA});
  return cfc::testing::run_command(arguments);
}

json verify_json(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--json", "-"});
  return cfc::testing::json_of(verify(arguments));
}

std::string refusal(const std::vector<std::string>& arguments) {
  return cfc::testing::refusal_of(verify(arguments));
}

}  // namespace

TEST_CASE("the default configuration verifies, and its first layer takes r + 1 cycles") {
  const json result = verify_json({"--images", "200"});
  CHECK(result["schema"] == "cfcsim.verify/1");
  CHECK(result["images"] == 200);
  for (const char* kind : {"z", "activations", "logits", "classes"}) {
    CHECK(result["mismatches"][kind] == 0);
  }
  CHECK(result["accuracy"] > 0.9);
  CHECK(result["timing_model_agrees"] == true);
  const json& layer = result["layers"][0];
  CHECK(layer["schedule"] == "streaming");
  CHECK(layer["m"] == 784);
  CHECK(layer["n"] == 50);
  CHECK(layer["r"] == 30);
  CHECK(layer["operations"] == 31);
  CHECK(layer["compute_cycles"] == 31);
  CHECK(layer["memories"]["u"]["read_elements"] == 200 * 784 * 30);
  CHECK(layer["memories"]["v"]["read_words"] == 200 * 30);
  CHECK(layer["memories"]["v"]["peak_bits_per_cycle"] == 50 * 8);
  CHECK(result["layers"][1]["compute_cycles"] == 100);
  CHECK(result["layers"][2]["compute_cycles"] == 10);
  CHECK(result["layers"][2]["r"].is_null());
  CHECK(result["config"]["layers"]["1"]["lanes_u"] == 784);
  CHECK(result["network"]["sha256"].get<std::string>().size() == 64);
  CHECK(result["cycles"]["per_image_mean"] ==
        Approx(result["cycles"]["total"].get<double>() / 200));
}

TEST_CASE("the classes are those of the golden model, image by image in sum") {
  using namespace cfc::golden;
  const Network network = read_network(kNetwork);
  const Dataset validation = load_dataset(CFCSIM_TEST_DATA, Split::validation);
  const InferenceResult expected = infer(network, validation.images.middleRows(1000, 150));
  const std::vector<cfc::golden::Label> labels(validation.labels.begin() + 1000,
                                               validation.labels.begin() + 1150);
  const json result = verify_json({"--first", "1000", "--images", "150"});
  CHECK(result["accuracy"].get<double>() == accuracy(expected.classes, labels));
}

TEST_CASE("the result does not depend on the number of processes") {
  for (const std::string config : {"single_cycle", "pipelined", "stepped", "narrow"}) {
    const std::string file = CFCSIM_SOURCE_DIR "/testbench/configs/" + config + ".yaml";
    json one = verify_json({"--images", "61", "--config", file, "--jobs", "1"});
    one.erase("speed");
    for (const std::string jobs : {"2", "3", "7"}) {
      json several = verify_json({"--images", "61", "--config", file, "--jobs", jobs});
      several.erase("speed");
      CHECK(one == several);
    }
  }
}

TEST_CASE("every schedule of the factorised layer verifies") {
  for (const std::string schedule : {"streaming", "sequential"}) {
    const json result = verify_json({"--images", "50", "--set", "layers.1.schedule=" + schedule});
    CHECK(result["layers"][0]["compute_cycles"] == (schedule == "streaming" ? 31 : 80));
  }
  const json dense =
      verify_json({"--images", "50", "--network", kModels + "mnist-784-50-100-10.onnx"});
  CHECK(dense["layers"][0]["compute_cycles"] == 50);
}

TEST_CASE("one wrong weight bit is a mismatch: named, and exit status 1") {
  const TemporaryFolder folder;
  cfc::golden::Network network = cfc::golden::read_network(kNetwork);
  auto& last = std::get<cfc::golden::DenseWeights>(network.layers.back().weights);
  last.w(50, 4) = static_cast<std::int8_t>(last.w(50, 4) ^ 1);
  const std::string flipped = folder / "flipped.onnx";
  cfc::golden::write_network(network, flipped);
  const CommandResult result =
      verify({"--images", "100", "--network", flipped, "--reference", kNetwork});
  CHECK(result.status == 1);
  CHECK_THAT(result.output, Contains("fc3 logit[4]: golden "));
  CHECK_THAT(result.output, Contains("image ") && Contains(", SystemC "));
}

TEST_CASE("bad input is refused with one clear line and exit status 2") {
  const TemporaryFolder folder;
  const auto yaml = [&](const std::string& text) {
    const std::string file = folder / "c.yaml";
    write_file(file, text);
    return file;
  };
  CHECK_THAT(refusal({"--config", yaml("defaults:\n  lanes: 3\n")}),
             Contains("c.yaml:2: defaults.lanes: unknown key 'lanes'; did you mean lanes_u?"));
  CHECK_THAT(refusal({"--config", yaml("defaults: {lanes_u: 0}")}), Contains("'0' is not a width"));
  CHECK_THAT(refusal({"--set", "layers.4.lanes_u=2"}), Contains("layers 1 to 3"));
  CHECK_THAT(refusal({"--set", "layers.2.schedule=streaming"}),
             Contains("needs a factorised layer"));
  CHECK_THAT(refusal({"--set", "defaults.issue=fast"}), Contains("overlapped, stepped"));
  CHECK_THAT(refusal({"--set", "layers.1.schedule=dense"}), Contains("fc1 has factorised weights"));
  CHECK_THAT(refusal({"--config", folder / "none.yaml"}), Contains("none.yaml: cannot be opened"));
  CHECK_THAT(refusal({"--network", folder / "none.onnx"}),
             Contains("none.onnx: there is no such file"));
  write_file(folder / "bad.onnx", "not a network");
  CHECK_THAT(refusal({"--network", folder / "bad.onnx"}),
             Contains("bad.onnx: is not an ONNX file"));
  CHECK_THAT(refusal({"--images", "0"}), Contains("--images 0"));
  CHECK_THAT(refusal({"--images", "9001"}), Contains("give 1 to 9000"));
  CHECK_THAT(refusal({"--first", "9000"}), Contains("images 0 to 8999"));
  CHECK_THAT(refusal({"--split", "valid"}), Contains("'valid' is no split"));
  CHECK_THAT(refusal({"--images", "5", "--json", folder / "no" / "such" / "file.json"}),
             Contains("cannot be written"));
  // A device is written where it is, not replaced by a file.
  CHECK_THAT(refusal({"--images", "5", "--json", "/dev/full"}), Contains("cannot be written"));
  CHECK(std::filesystem::is_character_file("/dev/full"));
  CHECK_THAT(refusal({"--reference", kModels + "mnist-784-50-100-10.onnx"}),
             Contains("other shapes"));
  CHECK(verify({"--jobs", "0"}).status == 2);
  CHECK(verify({"--lanes", "5"}).status == 2);
  CHECK(cfc::testing::run_command({CFCSIM_BINARY}).status == 2);
  CHECK(cfc::testing::run_command({CFCSIM_BINARY, "--version"}).status == 0);
}

TEST_CASE("images of another size than the network's input are refused") {
  const TemporaryFolder folder;
  const auto u32 = [](char low) { return std::string("\0\0\0", 3) + low; };
  write_file(folder / "t10k-images-idx3-ubyte",
             std::string("\0\0\x08\x03", 4) + u32(1) + u32(2) + u32(2) + "abcd");
  write_file(folder / "t10k-labels-idx1-ubyte", std::string("\0\0\x08\x01", 4) + u32(1) + "\3");
  const CommandResult result = cfc::testing::run_command(
      {CFCSIM_BINARY, "verify", "--data", folder.path(), "--split", "test"});
  CHECK_THAT(cfc::testing::refusal_of(result),
             Contains("images of 4 pixels") && Contains("takes 784"));
}
