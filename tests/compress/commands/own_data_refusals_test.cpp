// Data of other people that do not fit, or not well, are refused or noticed by name.

#include <cmath>
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/compress/helpers/own_data.h"

namespace cfc::compress {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using cfc::testing::CommandResult;
using cfc::testing::Generator;
using cfc::testing::refusal_of;
using cfc::testing::write_file;

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
  write_file(folder / "huge.csv", csv(changed(data.inputs, 7, 1e300)));
  write_file(folder / "tiny.csv", csv(Rows(40, {1e-200})));
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
      {train + "--inputs x.csv --targets huge.csv", "huge.csv: the largest target is 1e+300"},
      {train + "--inputs x.csv --targets tiny.csv", "tiny.csv: the largest target is 1e-200"},
      {train + "--inputs x.csv --labels y.csv --layers 4-70000-3", "'70000' is not a whole number"},
      {train + "--inputs x.csv --labels y.csv --layers 4-65536-65536-3",
       "layer 2 has more than 268435456 weights"},
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

TEST_CASE("a layer whose sums are beyond 2^24 is trained, and written as it was trained") {
  Generator random(cfc::testing::test_seed());
  const Folder folder;
  const Clusters data(random, 40, 4, 3, 0, 1);
  write_file(folder / "x.csv", csv(data.inputs));
  write_file(folder / "y.csv", csv(data.labels));
  folder.must(
      "$C train --epochs 1 --qat-epochs 0 --layers 4-30000-3 --inputs x.csv --labels y.csv -o "
      "a.onnx");
}

}  // namespace
}  // namespace cfc::compress
