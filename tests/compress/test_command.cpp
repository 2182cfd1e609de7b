#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "golden/onnx_file.h"
#include "tests/compress/support.h"

namespace cfc::compress {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using testing::synthetic_data;
using testing::test_seed;

std::string content(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_number(std::ofstream& file, std::int64_t number) {
  for (const int shift : {24, 16, 8, 0}) file.put(static_cast<char>(number >> shift));
}

void write_idx(const golden::Dataset& data, const fs::path& folder, const std::string& stem) {
  std::ofstream images(folder / (stem + "-images-idx3-ubyte"), std::ios::binary);
  for (const std::int64_t number :
       {std::int64_t{0x803}, std::int64_t{data.size()}, std::int64_t{8}, std::int64_t{8}})
    write_number(images, number);
  images.write(reinterpret_cast<const char*>(data.images.data()), data.images.size());
  std::ofstream labels(folder / (stem + "-labels-idx1-ubyte"), std::ios::binary);
  for (const std::int64_t number : {std::int64_t{0x801}, std::int64_t{data.size()}})
    write_number(labels, number);
  labels.write(reinterpret_cast<const char*>(data.labels.data()), data.size());
}

struct Outcome {
  int status;
  std::string out;
  std::string err;
};

/// A folder of its own with small data sets of 8 x 8 pixels in `data/`, and an empty `made/`.
class Workspace {
 public:
  Workspace() {
    std::string name = (fs::temp_directory_path() / "cfc-compress-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    root_ = name;
    fs::create_directories(root_ / "data");
    fs::create_directories(made());
    std::mt19937_64 random(test_seed());
    write_idx(synthetic_data(400, 64, random), data(), "train");
    write_idx(synthetic_data(100, 64, random), data(), "t10k");
  }
  ~Workspace() { fs::remove_all(root_); }
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  fs::path data() const { return root_ / "data"; }
  fs::path made() const { return root_ / "made"; }

  /// Runs a shell line in `made/` with the command as $C and the data folder as its default.
  Outcome run(const std::string& line) const {
    const std::string shell =
        fmt::format("cd '{}' && export CFCSIM_DATA=../data && C='{}' && {} >../out 2>../err",
                    made().string(), CFC_COMPRESS_PATH, line);
    const int status = std::system(shell.c_str());
    return {WEXITSTATUS(status), content(root_ / "out"), content(root_ / "err")};
  }

 private:
  fs::path root_;
};

TEST_CASE("train, factorise and evaluate work together, and say how they did it") {
  const Workspace work;
  const Outcome trained = work.run("$C train --epochs 30 --qat-epochs 3 -o a.onnx");
  INFO(trained.err);
  REQUIRE(trained.status == 0);
  REQUIRE_THAT(trained.err, Contains("epoch 30/30") && Contains("s left"));
  const Outcome factorised = work.run("$C factorise a.onnx --rank 8 --epochs 3 -o b.onnx");
  INFO(factorised.err);
  REQUIRE(factorised.status == 0);

  const golden::Network network = golden::read_network(work.made() / "b.onnx");
  REQUIRE(network.layers[0].rank() == 8);
  REQUIRE(network.metadata.at("rank") == "fc1=8");
  REQUIRE(network.metadata.at("seed") == "1");
  REQUIRE(
      network.metadata.at("command") ==
      "cfc-compress train --epochs 30 --qat-epochs 3 --seed 1 -o a.onnx && "
      "cfc-compress factorise a.onnx --layer 1 --rank 8 --z-bits 8 --epochs 3 --seed 1 -o b.onnx");
  REQUIRE_THAT(content(work.made() / "b.onnx"), !Contains(work.made().string()));

  for (const std::string split : {"validation", "test"}) {
    const Outcome evaluated = work.run("$C evaluate b.onnx --split " + split);
    REQUIRE(evaluated.status == 0);
    REQUIRE_THAT(evaluated.out, Contains(network.metadata.at(split + "_accuracy")));
  }
}

TEST_CASE("the same command makes the same file, another seed another one") {
  const Workspace work;
  const std::string train = "$C train --epochs 2 --qat-epochs 1 -o a.onnx --seed ";
  REQUIRE(work.run(train + "5").status == 0);
  const std::string first = content(work.made() / "a.onnx");
  REQUIRE(work.run(train + "5").status == 0);
  REQUIRE(content(work.made() / "a.onnx") == first);
  REQUIRE(work.run(train + "6").status == 0);
  REQUIRE(content(work.made() / "a.onnx") != first);
}

TEST_CASE("bad input gives status 2, one clear message and no file") {
  const Workspace work;
  REQUIRE(work.run("$C train --epochs 0 --qat-epochs 0 -o a.onnx").status == 0);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"$C", "subcommand"},
      {"$C train", "--output"},
      {"$C train --epochs -1 -o x.onnx", "--epochs"},
      {"$C train --epochs 1 --data nowhere -o x.onnx", "nowhere"},
      {"$C train --epochs 1 -o nowhere/x.onnx", "nowhere"},
      {"$C factorise a.onnx --rank 29 -o x.onnx", "largest useful rank is 28"},
      {"$C factorise a.onnx --rank 51 -o x.onnx", "min(m, n) = 50"},
      {"$C factorise a.onnx --rank 5 --layer 4 -o x.onnx", "no layer 4"},
      {"$C factorise a.onnx --rank 5 --z-bits 1 -o x.onnx", "--z-bits"},
      {"$C factorise nowhere.onnx --rank 5 -o x.onnx", "nowhere.onnx"},
      {"$C evaluate ../data/t10k-labels-idx1-ubyte", "t10k-labels-idx1-ubyte"},
      {"$C evaluate a.onnx --split rest", "rest"},
  };
  for (const auto& [line, message] : cases) {
    const Outcome outcome = work.run(line);
    INFO(line << "\n" << outcome.err);
    CHECK(outcome.status == 2);
    CHECK_THAT(outcome.err + outcome.out, Contains(message));
    CHECK_FALSE(fs::exists(work.made() / "x.onnx"));
  }
}

TEST_CASE("an interrupted training leaves nothing behind") {
  const Workspace work;
  const Outcome outcome =
      work.run("timeout --preserve-status -s INT 3 $C train --epochs 10000 -o x.onnx");
  INFO(outcome.err);
  REQUIRE(outcome.status == 130);
  REQUIRE_THAT(outcome.err, Contains("interrupted"));
  REQUIRE(fs::is_empty(work.made()));
}

}  // namespace
}  // namespace cfc::compress
