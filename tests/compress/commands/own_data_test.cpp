// Data of other people: vectors in .npy and .csv files, classes or targets, from training to
// verify.

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
#include "tests/helpers/command.h"
#include "tests/helpers/numpy.h"
#include "tests/helpers/random_networks.h"
#include "tests/helpers/temporary_folder.h"

namespace cfc::compress {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using cfc::testing::bytes_of;
using cfc::testing::CommandResult;
using cfc::testing::Generator;
using cfc::testing::json_of;
using cfc::testing::npy;
using cfc::testing::refusal_of;
using cfc::testing::uniform;
using cfc::testing::write_file;
using Rows = std::vector<std::vector<double>>;

/// A folder in which shell lines run with the commands as $C and $V.
class Folder {
 public:
  CommandResult run(const std::string& line) const {
    const std::string setting =
        fmt::format("cd '{}' && export C='{}' V='{}' && ", root_.path().string(), CFC_COMPRESS_PATH,
                    CFCSIM_BINARY);
    return cfc::testing::run_command({"/bin/sh", "-c", setting + line});
  }

  /// What the line makes of it; shown if it fails.
  CommandResult must(const std::string& line) const {
    CommandResult result = run(line);
    INFO(line << "\n" << result.errors);
    REQUIRE(result.status == 0);
    return result;
  }

  fs::path operator/(const std::string& name) const { return root_.path() / name; }

 private:
  cfc::testing::TemporaryFolder root_;
};

std::string csv(const Rows& rows) {
  std::string text;
  for (const auto& row : rows) text += fmt::format("{}\n", fmt::join(row, ","));
  return text;
}

/// Vectors with classes, which lie round one centre a class: rows of `width` numbers.
struct Clusters {
  Rows inputs;
  Rows labels;
  int classes;

  Clusters(Generator& random, int count, int width, int class_count, double lo, double hi)
      : classes(class_count) {
    std::uniform_real_distribution<double> anywhere(lo, hi);
    std::normal_distribution<double> near(0, (hi - lo) / 40);
    Rows centres(static_cast<std::size_t>(classes), std::vector<double>(width));
    for (auto& centre : centres)
      for (double& number : centre) number = anywhere(random);
    for (int i = 0; i < count; ++i) {
      const auto label = static_cast<std::size_t>(i % classes);
      inputs.push_back(centres[label]);
      for (double& number : inputs.back()) number = std::clamp(number + near(random), lo, hi);
      labels.push_back({static_cast<double>(label)});
    }
  }
};

template <typename Element>
std::string npy_of(const std::string& type, const Rows& rows) {
  std::vector<Element> elements;
  for (const auto& row : rows)
    for (const double number : row) elements.push_back(static_cast<Element>(number));
  return npy(type, fmt::format("{}, {}", rows.size(), rows.front().size()), bytes_of(elements));
}

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

TEST_CASE("kind 22, data to learn from: what does not fit is refused by name, without a file") {
  Generator random(cfc::testing::test_seed());
  const Folder folder;
  const Clusters data(random, 40, 4, 3, 0, 1);
  const auto changed = [](Rows rows, std::size_t row, double number) {
    rows[row][0] = number;
    return rows;
  };
  write_file(folder / "x.csv", csv(data.inputs));
  write_file(folder / "y.csv", csv(data.labels));
  write_file(folder / "wide.csv", csv(Rows(40, std::vector<double>(5, 0.5))));
  write_file(folder / "few.csv", csv(Rows(data.labels.begin(), data.labels.end() - 1)));
  write_file(folder / "minus.csv", csv(changed(data.labels, 7, -1)));
  write_file(folder / "half.csv", csv(changed(data.labels, 7, 0.5)));
  write_file(folder / "many.csv", csv(changed(data.labels, 7, 65536)));
  write_file(folder / "gap.csv", csv(changed(data.labels, 7, 4)));
  write_file(folder / "late.csv", csv(changed(data.labels, 39, 3)));
  write_file(folder / "one.csv", csv(Rows(40, {0})));
  write_file(folder / "empty.csv", "");
  write_file(folder / "text.csv", "length,width\n1,2\n");
  write_file(folder / "nan.npy", npy_of<float>("<f4", changed(data.inputs, 39, NAN)));
  write_file(folder / "inf.npy", npy_of<double>("<f8", changed(data.inputs, 2, INFINITY)));
  write_file(folder / "five-x.csv", csv(Rows(data.inputs.begin(), data.inputs.begin() + 5)));
  write_file(folder / "five-y.csv", csv(Rows(data.labels.begin(), data.labels.begin() + 5)));
  folder.must("$C train --epochs 1 --qat-epochs 0 -o a.onnx --inputs x.csv --labels y.csv");
  folder.must("$C train --epochs 1 --qat-epochs 0 -o r.onnx --inputs x.csv --targets x.csv");
  const std::string train = "$C train --epochs 1 -o q.onnx ",
                    good = "--inputs x.csv --labels y.csv ";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {train + "--inputs x.csv --labels few.csv", "few.csv: has 39 labels for 40 input vectors"},
      {train + "--inputs x.csv --labels minus.csv", "minus.csv: number 7 is -1; a label is 0 to"},
      {train + "--inputs x.csv --labels half.csv", "half.csv: number 7 is 0.5"},
      {train + "--inputs x.csv --labels many.csv", "many.csv: number 7 is 65536"},
      {train + "--inputs x.csv --labels gap.csv", "no vector that is trained on is of class 3"},
      {train + "--inputs x.csv --labels late.csv", "shuffle the rows"},
      {train + "--inputs x.csv --labels one.csv", "one.csv: holds class 0 only"},
      {train + "--inputs nan.npy --labels y.csv", "nan.npy: number 156 is nan"},
      {train + "--inputs inf.npy --labels y.csv", "inf.npy: number 8 is inf"},
      {train + "--inputs empty.csv --labels y.csv", "empty.csv: holds no numbers"},
      {train + "--inputs x.csv --labels empty.csv", "empty.csv: holds no numbers"},
      {train + "--inputs text.csv --labels y.csv", "text.csv, line 1, field 1: 'length'"},
      {train + "--inputs nowhere.csv --labels y.csv", "nowhere.csv"},
      {train + "--inputs x.txt --labels y.csv", "x.txt: give a file of numbers"},
      {train + "--inputs five-x.csv --labels five-y.csv", "5 vectors are too few"},
      {train + "--inputs x.csv", "--labels, or numbers to come near, --targets"},
      {train + "--labels y.csv", "--labels requires --inputs"},
      {train + good + "--data .", "--inputs"},
      {train + good + "--targets x.csv", "--labels excludes --targets"},
      {train + good + "--layers 5-8-3", "--layers 5-8-3: begins with 5 inputs and ends with 3"},
      {train + good + "--layers 4-8-4", "but the data have 4 and 3"},
      {train + good + "--layers 4", "--layers 4: there are no outputs"},
      {train + good + "--layers 4--3", "--layers 4--3: '' is not a whole number"},
      {train + good + "--layers 4-0-3", "'0' is not a whole number from 1"},
      {train + good + "--layers 4-8-3 --hidden 8", "--layers"},
      {train + good + "--dropout-location 2 --layers 4-8-3", "dropout location 2"},
      {train + good + "--validation-inputs x.csv", "--validation-labels"},
      {train + good + "--validation-inputs x.csv --validation-targets x.csv", "as of --inputs"},
      {train + good + "--validation-inputs wide.csv --validation-labels y.csv",
       "wide.csv: has 40 vectors of 5 numbers, where 4 each are needed"},
      {train + "--validation-inputs x.csv --validation-labels y.csv", "requires --inputs"},
      {train + "--inputs x.csv --targets few.csv", "few.csv: has targets of 39 vectors for 40"},
      {train + "--inputs x.csv --targets nan.npy", "nan.npy: number 156 is nan"},
      {train + "--inputs x.csv --targets x.csv --layers 4-8-3", "but the data have 4 and 4"},
      {train + "--inputs x.csv --targets x.csv --teacher float", "--teacher"},
      {train + "--inputs x.csv --targets x.csv --until-converged", "--until-converged"},
      {"$C refine r.onnx --teacher r.onnx -o q.onnx --inputs x.csv --targets x.csv", "--teacher"},
      {"$C factorise a.onnx --rank 1 -o q.onnx --inputs wide.csv --labels y.csv",
       "vectors of 5 numbers, where 4 each are needed"},
      {"$C refine a.onnx -o q.onnx --inputs x.csv --labels gap.csv", "a label is 0 to 2"},
      {"$C refine r.onnx -o q.onnx --inputs x.csv --targets wide.csv",
       "wide.csv: has 40 vectors of 5 numbers, where 4 each are needed"},
      {"$C prune a.onnx --ratio 0.5 -o q.onnx --inputs nan.npy --labels y.csv",
       "number 156 is nan"},
      {"$C evaluate a.onnx --inputs x.csv --labels few.csv", "39 labels for 40"},
      {"$C evaluate a.onnx --inputs x.csv --labels y.csv --split test", "--split"},
      {"$C evaluate a.onnx --inputs x.csv", "--labels"},
      {"$C prune a.onnx --ratio 0.5 -o x.csv --inputs x.csv --labels y.csv", "would overwrite"},
  };
  for (const auto& [line, message] : cases) {
    const CommandResult outcome = folder.run(line);
    INFO(line);
    CHECK_THAT(refusal_of(outcome), Contains(message));
    CHECK_FALSE(fs::exists(folder / "q.onnx"));
    CHECK_FALSE(fs::exists(folder / "q.onnx.checkpoint"));
  }
}

TEST_CASE("features that one scale leaves hardly any bytes are noticed") {
  Generator random(cfc::testing::test_seed());
  const Folder folder;
  Clusters data(random, 60, 4, 3, 0, 1);
  write_file(folder / "y.csv", csv(data.labels));
  const std::string train = "$C train --epochs 1 --qat-epochs 0 --labels y.csv -o a.onnx --inputs ";
  write_file(folder / "like.csv", csv(data.inputs));
  CHECK_THAT(folder.must(train + "like.csv").errors, !Contains("note"));
  for (auto& row : data.inputs) row[2] *= 100;
  write_file(folder / "unlike.csv", csv(data.inputs));
  CHECK_THAT(folder.must(train + "unlike.csv").errors,
             Contains("note: 3 of the 4 numbers of a vector take fewer than 8 of the 256 bytes"));
}

TEST_CASE("rows that are sorted by class are noticed") {
  Generator random(cfc::testing::test_seed());
  const Folder folder;
  Clusters data(random, 60, 3, 2, 0, 1);
  std::sort(data.labels.begin(), data.labels.end());
  write_file(folder / "x.csv", csv(data.inputs));
  write_file(folder / "y.csv", csv(data.labels));
  const std::string train = "$C train --epochs 1 --qat-epochs 0 --inputs x.csv -o a.onnx ";
  CHECK_THAT(folder.must(train + "--labels y.csv").errors,
             Contains("note: only 1 of the 2 classes are among the validation vectors"));
}

}  // namespace
}  // namespace cfc::compress
