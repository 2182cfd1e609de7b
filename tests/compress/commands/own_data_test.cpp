// Data of other people: vectors in .npy and .csv files, classes or targets, from training to
// verify.

#include "tests/compress/helpers/own_data.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "golden/inference.h"
#include "golden/onnx_file.h"

namespace cfc::compress {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using cfc::testing::bytes_of;
using cfc::testing::CommandResult;
using cfc::testing::Generator;
using cfc::testing::json_of;
using cfc::testing::npy;
using cfc::testing::uniform;
using cfc::testing::write_file;

/// How a file of inputs may be stored, the range of its numbers, and what the network then says.
struct Kind {
  const char* name;
  const char* file;
  double lo;
  double hi;
  const char* input_type;
  bool is_scaled;
  std::string (*text)(const Rows& rows);
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"u8", "x.npy", 0, 255, "", false,
       [](const Rows& rows) { return npy_of<std::uint8_t>("|u1", rows); }},
      {"s8", "x.npy", -128, 127, "s8", false,
       [](const Rows& rows) { return npy_of<std::int8_t>("|i1", rows); }},
      {"f4", "x.npy", -3, 2, "", true, [](const Rows& rows) { return npy_of<float>("<f4", rows); }},
      {"f8", "x.npy", 1e6, 9e6, "", true,
       [](const Rows& rows) { return npy_of<double>("<f8", rows); }},
      {"s64", "x.npy", -90, 10, "", true,
       [](const Rows& rows) { return npy_of<std::int64_t>("<i8", rows); }},
      {"csv", "x.csv", 0, 8, "", true, [](const Rows& rows) { return csv(rows); }}};
  return all;
}

/// By the words of docs/reference/import.md, with the numbers that the network's metadata hold.
std::uint8_t byte_of(double number, const golden::Network& network) {
  const auto& metadata = network.metadata;
  if (metadata.count("input_type") != 0) return static_cast<std::uint8_t>(number + 128);
  if (metadata.count("input_scale") == 0) return static_cast<std::uint8_t>(number);
  const float scale = std::stof(metadata.at("input_scale"));
  const double zero_point = std::stod(metadata.at("input_zero_point"));
  const double rounded = std::nearbyint(static_cast<float>(number) / scale) + zero_point;
  return static_cast<std::uint8_t>(std::clamp(rounded, 0.0, 255.0));
}

/// Share of the rows from `first` on that the golden model gets right.
double expected_accuracy(const golden::Network& network, const Rows& inputs, const Rows& labels,
                         std::size_t first) {
  const std::size_t count = inputs.size() - first;
  golden::MatrixU8 images(count, inputs.front().size());
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j < inputs[i].size(); ++j)
      images(static_cast<golden::Index>(i), static_cast<golden::Index>(j)) =
          byte_of(inputs[first + i][j], network);
  const std::vector<int> found = golden::infer(network, images).classes;
  double right = 0;
  for (std::size_t i = 0; i < count; ++i) right += found[i] == labels[first + i][0] ? 1 : 0;
  return right / static_cast<double>(count);
}

std::string random_layers(Generator& random, int inputs, int outputs) {
  std::string layers = std::to_string(inputs);
  for (int i = uniform(random, 0, 3); i > 0; --i)
    layers += fmt::format("-{}", uniform(random, 8, 40));
  return fmt::format("{}-{}", layers, outputs);
}

void check_one(Generator& random, const Kind& kind) {
  const Folder folder;
  const int width = uniform(random, 2, 12), classes = uniform(random, 2, 6);
  Clusters data(random, uniform(random, 100, 300), width, classes, kind.lo, kind.hi);
  const bool is_whole = kind.hi - kind.lo >= 100 && kind.hi < 1000;
  for (auto& row : data.inputs)
    for (double& number : row) number = is_whole ? std::round(number) : number;
  write_file(folder / kind.file, kind.text(data.inputs));
  write_file(folder / "y.csv", csv(data.labels));
  const std::string files = fmt::format(" --inputs {} --labels y.csv ", kind.file);
  const std::string layers = random_layers(random, width, classes);
  INFO(kind.name << ", " << layers << ", " << data.inputs.size() << " rows");
  folder.must("$C train --epochs 30 --qat-epochs 3 --batch 16 -o a.onnx --layers " + layers +
              files);

  const golden::Network network = golden::read_network(folder / "a.onnx");
  CHECK(network.metadata.count("input_scale") == (kind.is_scaled ? 1U : 0U));
  CHECK((network.metadata.count("input_type") != 0 ? network.metadata.at("input_type") : "") ==
        kind.input_type);
  CHECK(network.metadata.count("test_accuracy") == 0);
  const std::size_t count = data.inputs.size(), held_out = count * 15 / 100;
  CHECK(network.metadata.at("validation_accuracy") ==
        fmt::format("{:.4f}",
                    expected_accuracy(network, data.inputs, data.labels, count - held_out)));
  const double accuracy = expected_accuracy(network, data.inputs, data.labels, 0);
  CHECK(json_of(folder.must("$C evaluate a.onnx --json -" + files))["accuracy"] == accuracy);
  const auto verified = json_of(folder.must("$V verify --network a.onnx --json -" + files));
  CHECK(verified["accuracy"] == accuracy);
  CHECK(verified["mismatches"]["logits"] == 0);
  CHECK(accuracy > 1.2 / classes);
}

TEST_CASE("a network trained on any kind of file does in verify what it was trained to do") {
  Generator random(cfc::testing::test_seed());
  for (const Kind& kind : kinds()) check_one(random, kind);
}

TEST_CASE("factorise, refine and prune take the same files, and keep what is said of the inputs") {
  Generator random(cfc::testing::test_seed());
  const Folder folder;
  const Clusters data(random, 300, 10, 4, -2, 5);
  write_file(folder / "x.csv", csv(data.inputs));
  write_file(folder / "y.csv", csv(data.labels));
  const std::string files = " --inputs x.csv --labels y.csv ";
  folder.must("$C train --layers 10-40-40-4 --epochs 40 --batch 32 -o a.onnx" + files);
  folder.must("$C factorise a.onnx --layer 2 --rank 10 --epochs 2 -o b.onnx" + files);
  folder.must("$C refine b.onnx --weight-bits 6 --epochs 2 -o c.onnx" + files);
  folder.must("$C prune a.onnx --ratio 0.2 -o d.onnx" + files);
  const golden::Network first = golden::read_network(folder / "a.onnx");
  for (const std::string name : {"a.onnx", "b.onnx", "c.onnx", "d.onnx"}) {
    const golden::Network network = golden::read_network(folder / name);
    for (const char* key : {"input_scale", "input_zero_point", "data"})
      CHECK(network.metadata.at(key) == first.metadata.at(key));
    CHECK_THAT(network.metadata.at("command"), Contains("--inputs x.csv --labels y.csv"));
    const auto result = json_of(folder.must("$V verify --json - --network " + name + files));
    CHECK(result["accuracy"] == expected_accuracy(network, data.inputs, data.labels, 0));
    CHECK(result["accuracy"] > 0.9);
  }
}

TEST_CASE("the last 15 % by index are held out, as they would be from a file of their own") {
  Generator random(cfc::testing::test_seed());
  const Folder folder;
  const Clusters data(random, 100, 5, 3, 0, 1);
  write_file(folder / "x.csv", csv(data.inputs));
  write_file(folder / "y.csv", csv(data.labels));
  const std::string train = "$C train --epochs 3 --qat-epochs 1 --json ";
  folder.must(
      "for f in x y; do head -n 85 $f.csv >$f-head.csv; tail -n 15 $f.csv >$f-tail.csv; done");
  folder.must(train + "a.json --inputs x.csv --labels y.csv -o a.onnx");
  folder.must(train +
              "b.json --inputs x-head.csv --labels y-head.csv --validation-inputs x-tail.csv "
              "--validation-labels y-tail.csv -o b.onnx");
  const golden::Network a = golden::read_network(folder / "a.onnx");
  golden::Network b = golden::read_network(folder / "b.onnx");
  CHECK_THAT(b.metadata.at("command"), Contains("--validation-labels y-tail.csv"));
  b.metadata["command"] = a.metadata.at("command");
  CHECK(a.metadata == b.metadata);
  const auto result = nlohmann::json::parse(cfc::testing::read_file(folder / "a.json"));
  CHECK(result["images"]["validation"] == 15);
  CHECK(result["images"]["test"] == 0);
  CHECK(result["accuracy"]["test"].is_null());
  CHECK(result["mean_squared_error"]["validation"].is_null());
}

TEST_CASE("targets are met, and verify counts by how much they are missed") {
  Generator random(cfc::testing::test_seed());
  const Folder folder;
  std::uniform_real_distribution<double> number(-1, 1);
  Rows inputs(300, std::vector<double>(4)), targets;
  for (auto& row : inputs) {
    for (double& each : row) each = number(random);
    targets.push_back({400 * row[0] - 200 * row[1], 50 + 100 * std::abs(row[2])});
  }
  write_file(folder / "x.csv", csv(inputs));
  write_file(folder / "t.npy", npy_of<double>("<f8", targets));
  const std::string files = " --inputs x.csv --targets t.npy ";
  const auto trained = json_of(folder.must(
      "$C train --layers 4-40-40-2 --epochs 100 --batch 32 -o a.onnx --json -" + files));
  const auto step = json_of(folder.must(
      "$C factorise a.onnx --layer 2 --rank 12 --epochs 20 -o b.onnx --json -" + files));
  constexpr double kVariance = 20'000;  // of the targets, about
  for (const auto& result : {trained, step}) {
    CHECK(result["accuracy"]["validation"].is_null());
    CHECK(result["mean_squared_error"]["validation"] < kVariance / 20);
    CHECK(result["metadata"].count("validation_accuracy") == 0);
    CHECK(result["metadata"].count("validation_mean_squared_error") == 1);
  }
  const golden::Network network = golden::read_network(folder / "b.onnx");
  const double scale = std::stod(network.metadata.at("output_scale"));
  golden::MatrixU8 bytes(300, 4);
  for (int i = 0; i < 300; ++i)
    for (int j = 0; j < 4; ++j) bytes(i, j) = byte_of(inputs[i][j], network);
  const golden::MatrixS32 outputs = golden::infer(network, bytes).logits();
  double squares = 0, largest = 0;
  for (int i = 0; i < 300; ++i) {
    for (int j = 0; j < 2; ++j) {
      const double miss = outputs(i, j) * scale - targets[i][j];
      squares += miss * miss;
      largest = std::max(largest, std::abs(miss));
    }
  }
  const auto evaluated = json_of(folder.must("$C evaluate b.onnx --json -" + files));
  CHECK(evaluated["accuracy"].is_null());
  CHECK(evaluated["mean_squared_error"].get<double>() == Approx(squares / 600));
  const auto verified =
      json_of(folder.must("$V verify --network b.onnx --inputs x.csv --expected t.npy --json -"));
  CHECK(verified["accuracy"].is_null());
  CHECK(verified["mismatches"]["logits"] == 0);
  CHECK(verified["fidelity"]["max_abs_error"].get<double>() == Approx(largest));
}

TEST_CASE("an autoencoder's targets are its inputs; targets of one number may stand in a row") {
  Generator random(cfc::testing::test_seed());
  const Folder folder;
  const Clusters data(random, 60, 4, 3, 0, 1);
  write_file(folder / "x.npy", npy_of<float>("<f4", data.inputs));
  std::vector<float> sums;
  for (const auto& row : data.inputs)
    sums.push_back(static_cast<float>(std::accumulate(row.begin(), row.end(), 0.0)));
  write_file(folder / "sums.npy", npy("<f4", "60,", bytes_of(sums)));
  const std::string train = "$C train --epochs 2 --qat-epochs 1 --inputs x.npy ";
  folder.must(train + "--targets x.npy --layers 4-2-4 -o a.onnx");
  folder.must(train + "--targets sums.npy --layers 4-8-1 -o b.onnx");
  CHECK(golden::read_network(folder / "b.onnx").outputs() == 1);
  // An archive holds both.
  folder.must("python3 -m zipfile -c all.npz x.npy sums.npy");
  folder.must(
      "$C train --epochs 2 --qat-epochs 1 --inputs all.npz:x --targets all.npz:sums "
      "--layers 4-8-1 -o c.onnx");
  const golden::Network network = golden::read_network(folder / "c.onnx");
  CHECK(network.metadata.at("data") == golden::read_network(folder / "b.onnx").metadata.at("data"));
  CHECK_THAT(network.metadata.at("command"), Contains("--inputs all.npz:x --targets all.npz:sums"));
}

}  // namespace
}  // namespace cfc::compress
