#include "compress/training/checkpoint.h"

#include <fstream>

#include <ATen/ops/zeros.h>
#include <catch2/catch.hpp>

#include "compress/training/trainer.h"
#include "support/error.h"
#include "tests/compress/helpers/random_data.h"
#include "tests/compress/helpers/saboteur.h"
#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

namespace cfc::compress {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using cfc::testing::kNever;
using cfc::testing::Saboteur;
using cfc::testing::synthetic_data;
using cfc::testing::test_seed;

struct Trained {
  std::vector<at::Tensor> parameters;
  EpochReport last;
};

Trained train(const fs::path& file, const Samples& samples, int batches) {
  Checkpoint checkpoint(file, "a test");
  Saboteur observer(batches);
  make_deterministic(5);
  Model model = make_model({64, 20, 10});
  Recipe recipe{4, 1e-2, 1e-5, 50};
  recipe.dropout = {{1}, 0.3};
  fit(model, Arithmetic::real, recipe, samples, samples, observer, {checkpoint, "float"});
  model.calibrate(samples.images);
  fit(model, Arithmetic::integer, recipe, samples, samples, observer, {checkpoint, "integer"});
  return {model.parameters(), observer.last};
}

TEST_CASE("a training that is interrupted anywhere and goes on ends with the same bits") {
  const cfc::testing::TemporaryFolder folder;
  cfc::testing::Generator random(test_seed());
  const Samples samples = to_samples(synthetic_data(300, 64, random));
  const Trained whole = train(folder / "whole", samples, kNever);

  // 6 batches an epoch, 4 epochs a stage: within the first epoch, later, in the second stage.
  for (const int batches : {3, 14, 24, 40}) {
    const fs::path file = folder / std::to_string(batches);
    REQUIRE_THROWS_WITH(train(file, samples, batches), "sabotage");
    const Trained resumed = train(file, samples, kNever);
    INFO("interrupted at batch " << batches);
    for (std::size_t i = 0; i < whole.parameters.size(); ++i)
      CHECK(resumed.parameters[i].equal(whole.parameters[i]));
    CHECK(resumed.last.loss == whole.last.loss);
    CHECK(resumed.last.epoch == 4);
  }
}

TEST_CASE("a training that is over is not repeated") {
  const cfc::testing::TemporaryFolder folder;
  cfc::testing::Generator random(test_seed());
  const Samples samples = to_samples(synthetic_data(300, 64, random));
  const Trained once = train(folder / "file", samples, kNever);
  const Trained again = train(folder / "file", samples, 1);  // one batch would be too many
  for (std::size_t i = 0; i < once.parameters.size(); ++i)
    CHECK(again.parameters[i].equal(once.parameters[i]));
}

TEST_CASE("a damaged or foreign checkpoint is refused and left as it is") {
  const cfc::testing::TemporaryFolder folder;
  const fs::path file = folder / "file";
  Checkpoint(file, "a test").keep("float", {true, {0.5}, {}, "", at::zeros({1})});
  const std::string whole = cfc::testing::read_file(file);
  REQUIRE(Checkpoint(file, "a test").find("float")->accuracies == std::vector<double>{0.5});
  REQUIRE(Checkpoint(file, "a test").find("integer") == nullptr);
  REQUIRE_THROWS_WITH(Checkpoint(file, "another"), Contains("a test") && Contains("another"));

  std::string flipped = whole;
  flipped[whole.size() / 2] = static_cast<char>(flipped[whole.size() / 2] ^ 1);
  for (const std::string& bad :
       {flipped, whole.substr(0, whole.size() - 1), whole.substr(0, 10), std::string("text\n")}) {
    std::ofstream(file, std::ios::binary) << bad;
    REQUIRE_THROWS_AS(Checkpoint(file, "a test"), InputError);
    REQUIRE(cfc::testing::read_file(file) == bad);
  }
}

TEST_CASE("a checkpoint that cannot be written is an error, and the old one stays") {
  const cfc::testing::TemporaryFolder folder;
  Checkpoint checkpoint(folder / "nowhere" / "file", "a test");
  REQUIRE_THROWS_AS(checkpoint.keep("float", {true, {}, {}, "", at::zeros({1})}), InputError);
}

}  // namespace
}  // namespace cfc::compress
