// `cfcsim import`, and networks of others on data of their own, as a user runs them.

#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::testing::CommandResult;
using cfc::testing::run_command;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;
using nlohmann::json;

namespace {

const std::string kExamples = CFCSIM_SOURCE_DIR "/examples/import";
const std::string kModel = kExamples + "/classifier.onnx";
const std::string kInputs = kExamples + "/inputs.csv";

CommandResult cfcsim(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), CFCSIM_BINARY);
  return run_command(arguments);
}

std::string refusal(const std::vector<std::string>& arguments) {
  return cfc::testing::refusal_of(cfcsim(arguments));
}

/// The example's network; returns its file.
std::string imported(const TemporaryFolder& folder) {
  const std::string network = folder / "network.onnx";
  REQUIRE(cfcsim({"import", kModel, "--calibrate", kInputs, "-o", network}).status == 0);
  return network;
}

}  // namespace

TEST_CASE("the example is imported, and every node and layer is in the result") {
  const TemporaryFolder folder;
  const json result = cfc::testing::json_of(cfcsim(
      {"import", kModel, "--calibrate", kInputs, "-o", folder / "network.onnx", "--json", "-"}));
  CHECK(result["schema"] == "cfcsim.import/1");
  CHECK(result["nodes"].size() == 5);
  REQUIRE(result["layers"].size() == 2);
  CHECK(result["layers"][0]["m"] == 16);
  CHECK(result["layers"][0]["requantise"]["exact"].is_null());
  CHECK(result["layers"][1]["requantise"].is_null());
  CHECK(result["agreement"]["vectors"] == 100);
  CHECK(result["agreement"]["same_class"] >= 97);
  CHECK(result["agreement"]["signal_to_noise_db"] > 30);
  CHECK(result["metadata"].contains("input_scale"));
}

TEST_CASE("data of one's own: without labels there is no accuracy, with them there is") {
  const TemporaryFolder folder;
  const std::string network = imported(folder);
  const auto verified = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"verify", "--network", network, "--inputs", kInputs, "--json", "-"});
    return cfc::testing::json_of(cfcsim(more));
  };
  const json plain = verified({"--jobs", "2"});
  CHECK(plain["images"] == 100);
  CHECK(plain["mismatches"]["logits"] == 0);
  CHECK(plain["accuracy"].is_null());
  CHECK(plain["split"].is_null());
  CHECK(plain["inputs"]["file"] == "inputs.csv");
  std::string labels;
  for (int i = 0; i < 100; ++i) labels += "4\n";
  write_file(folder / "y.csv", labels);
  const double accuracy = verified({"--labels", folder / "y.csv"})["accuracy"].get<double>();
  CHECK(accuracy > 0);
  CHECK(accuracy < 1);
  CHECK(cfcsim(
            {"verify", "--network", network, "--inputs", kInputs, "--images", "2", "--first", "98"})
            .status == 0);
}

TEST_CASE("outputs of others are compared, and differences are counted") {
  const TemporaryFolder folder;
  write_file(folder / "x.csv", "1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n");
  const std::string network = imported(folder);
  const auto fidelity = [&](const std::string& expected) {
    write_file(folder / "y.csv", expected);
    return cfc::testing::json_of(
        cfcsim({"verify", "--network", network, "--inputs", folder / "x.csv", "--expected",
                folder / "y.csv", "--json", "-"}))["fidelity"];
  };
  const json other = fidelity("0,0,0,0,1000\n");
  CHECK(other["outputs"] == 5);
  CHECK(other["different"] == 5);
  CHECK(other["max_abs_error"].get<double>() == Approx(1000).epsilon(0.02));
  CHECK_THAT(refusal({"verify", "--network", network, "--inputs", folder / "x.csv", "--expected",
                      folder / "x.csv"}),
             Contains("x.csv: has 1 vectors of 16 numbers, where 5 each are needed"));
}

TEST_CASE("ONNX Runtime judges the source, and another source is noticed") {
  const TemporaryFolder folder;
  const json with = cfc::testing::json_of(cfcsim(
      {"import", kModel, "--calibrate", kInputs, "-o", folder / "network.onnx", "--json", "-"}));
  CHECK(with["agreement"]["judge"] == "ONNX Runtime");
  const json without = cfc::testing::json_of(
      run_command({"/usr/bin/env", "CFCSIM_ONNXRUNTIME=/nowhere", CFCSIM_BINARY, "import", kModel,
                   "--calibrate", kInputs, "-o", folder / "network.onnx", "--json", "-"}));
  CHECK(without["agreement"]["judge"] == "the importer");
  CHECK_THAT(without["agreement"]["reason"].get<std::string>(),
             Contains("scripts/install-onnxruntime"));
  CHECK(with["agreement"]["reason"].is_null());
  std::string zeros;
  for (int i = 0; i < 100; ++i) zeros += "0,0,0,0,0\n";
  write_file(folder / "zeros.csv", zeros);
  const json told = cfc::testing::json_of(
      cfcsim({"import", kModel, "--calibrate", kInputs, "--expected", folder / "zeros.csv", "-o",
              folder / "network.onnx", "--json", "-"}));
  CHECK(told["agreement"]["judge"] == (folder / "zeros.csv").string());
  CHECK(told["agreement"]["different"].get<int>() > 450);
  CHECK_THAT(refusal({"import", kModel, "--calibrate", kInputs, "--expected", kInputs, "-o",
                      folder / "other.onnx"}),
             Contains("where 5 each are needed"));
  CHECK_FALSE(std::filesystem::exists(folder / "other.onnx"));
  CHECK(without["agreement"]["same_class"] == with["agreement"]["same_class"]);
  CHECK(without["agreement"]["signal_to_noise_db"].get<double>() ==
        Approx(with["agreement"]["signal_to_noise_db"].get<double>()).epsilon(0.001));

  const std::string network = folder / "network.onnx";
  const std::vector<std::string> verify{"verify", "--network", network, "--inputs",
                                        kInputs,  "--first",   "3",     "--images",
                                        "97",     "--json",    "-"};
  const auto fidelity = [&](const std::string& source) {
    std::vector<std::string> command = verify;
    command.insert(command.end(), {"--source", source});
    return cfc::testing::json_of(cfcsim(command))["fidelity"];
  };
  const json own = fidelity(kModel);
  CHECK(own["vectors"] == 97);
  CHECK(own["same_class"] >= 94);
  CHECK(own["signal_to_noise_db"] > 30);
  // The network itself takes bytes: to it these inputs are others.
  CHECK(fidelity(network)["signal_to_noise_db"] < 10);
  write_file(folder / "broken.onnx", "no model");
  std::vector<std::string> broken = verify;
  broken.insert(broken.end(), {"--source", folder / "broken.onnx"});
  CHECK_THAT(refusal(broken), Contains("broken.onnx: is no ONNX model"));
  CHECK_THAT(cfc::testing::refusal_of(run_command({"/usr/bin/env", "CFCSIM_ONNXRUNTIME=/nowhere",
                                                   CFCSIM_BINARY, "verify", "--network", network,
                                                   "--inputs", kInputs, "--source", kModel})),
             Contains("scripts/install-onnxruntime"));
}

TEST_CASE("an imported network runs everywhere") {
  const TemporaryFolder folder;
  const std::string network = imported(folder);
  const std::vector<std::string> on_it{"--network", network, "--inputs", kInputs, "--images", "3"};
  const auto status = [&](std::vector<std::string> command) {
    command.insert(command.end(), on_it.begin(), on_it.end());
    const CommandResult result = cfcsim(command);
    INFO(result.errors);
    CHECK(result.errors.find("fault of cfcsim") == std::string::npos);
    return result.status;
  };
  CHECK(status({"lockstep"}) == 0);
  CHECK(status({"platform"}) == 0);
  CHECK(status({"trace", "-o", folder / "waves"}) == 0);
  CHECK(status({"export", "rtl", "-o", folder / "rtl"}) == 0);
}

TEST_CASE("an imported network that is factored compares the schedules, without an accuracy") {
  const TemporaryFolder folder;
  const std::string network = folder / "network.onnx";
  REQUIRE(cfcsim({"import", kModel, "--calibrate", kInputs, "--factorise", "1:8", "-o", network})
              .status == 0);
  const json result = cfc::testing::json_of(
      cfcsim({"compare", "--network", network, "--inputs", kInputs, "--json", "-"}));
  const json& streaming = result["schedules"]["streaming"];
  CHECK(streaming["mismatches"]["z"] == 0);
  CHECK(streaming["layers"][0]["operations"] == 9);
  CHECK(streaming["scorecard"][0]["fraction"].is_null());
  const json& cost = streaming["scorecard"][4];
  CHECK(cost["metric"] == "hardware cost");
  CHECK(cost["requantisation_multipliers"] == 32);  // as many as sums leave at a time
  CHECK(cost["requantisation_multiplier_bits"] > 1);
  const json& dense_cost = result["schedules"]["dense"]["scorecard"][4];
  CHECK(dense_cost["requantisation_multipliers"] == 1);
  CHECK_THAT(
      refusal({"import", kModel, "--calibrate", kInputs, "--factorise", "1-8", "-o", network}),
      Contains("--factorise 1-8: give LAYER:RANK"));
}

TEST_CASE("what cannot be imported leaves no network behind, and a model is not overwritten") {
  const TemporaryFolder folder;
  const std::string network = folder / "network.onnx";
  CHECK_THAT(refusal({"import", kModel, "-o", network}), Contains("--calibrate X.npy"));
  CHECK_THAT(refusal({"import", CFCSIM_SOURCE_DIR "/golden/models/mnist-784-50-100-10.onnx", "-o",
                      network}),
             Contains("MatMulInteger node 'fc1.sums' belongs to dynamic quantisation"));
  write_file(folder / "few.csv", "1,2,3\n");
  CHECK_THAT(refusal({"import", kModel, "--calibrate", folder / "few.csv", "-o", network}),
             Contains("few.csv: has 1 vectors of 3 numbers, where 16 each are needed"));
  CHECK_FALSE(std::filesystem::exists(network));
  std::filesystem::copy(kModel, folder / "model.onnx");
  CHECK_THAT(refusal({"import", folder / "model.onnx", "--calibrate", kInputs, "-o",
                      folder / "model.onnx"}),
             Contains("model.onnx"));
  std::filesystem::copy(kInputs, folder / "x.csv");
  CHECK_THAT(refusal({"import", kModel, "--calibrate", folder / "x.csv", "-o", folder / "x.csv"}),
             Contains("x.csv"));
  CHECK(cfc::testing::read_file(folder / "x.csv") == cfc::testing::read_file(kInputs));
  CHECK_THAT(refusal({"verify", "--inputs", kInputs, "--split", "test"}), Contains("--split"));
  CHECK_THAT(refusal({"verify", "--labels", kInputs}), Contains("--inputs"));
}
