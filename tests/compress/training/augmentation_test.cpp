#include "compress/training/augmentation.h"

#include <cmath>
#include <set>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>
#include <catch2/catch.hpp>

#include "tests/compress/helpers/random_data.h"
#include "tests/helpers/temporary_folder.h"

namespace cfc::compress {
namespace {

using Catch::Matchers::Contains;
using cfc::testing::input_error;
using cfc::testing::seed_everything;

constexpr std::int64_t kSide = 9;

/// Copies of one image with a bar of three pixels to the right of its middle.
at::Tensor bars(std::int64_t count) {
  at::Tensor image = at::zeros({kSide, kSide}, at::kByte);
  image.select(0, 4).slice(0, 5, 8).fill_(200);
  return image.view({1, kSide * kSide}).repeat({count, 1});
}

TEST_CASE("a shift moves the whole image by whole pixels, and every shift occurs") {
  seed_everything();
  const at::Tensor images = bars(500);
  const at::Tensor result = moved(images, {1, 0.0}).view({500, kSide, kSide});
  std::set<std::pair<std::int64_t, std::int64_t>> seen;
  for (std::int64_t i = 0; i < 500; ++i) {
    const at::Tensor where = result[i].nonzero();
    REQUIRE(where.size(0) == 3);
    REQUIRE(result[i].sum().item<int>() == 600);
    const auto row = where[0][0].item<std::int64_t>() - 4;
    const auto column = where[0][1].item<std::int64_t>() - 5;
    REQUIRE(where[2][1].item<std::int64_t>() == column + 7);
    seen.emplace(row, column);
  }
  REQUIRE(seen.size() == 9);
  REQUIRE(seen.begin()->first == -1);
  REQUIRE(seen.rbegin()->second == 1);
}

TEST_CASE("what a shift moves out is gone, and zeros come in on the other side") {
  seed_everything();
  const at::Tensor result = moved(bars(300), {8, 0.0}).view({300, kSide, kSide});
  const at::Tensor sums = result.sum({1, 2});
  REQUIRE(sums.min().item<int>() == 0);
  REQUIRE(sums.max().item<int>() == 600);
}

TEST_CASE("a rotation turns the image by at most the angle, both ways") {
  seed_everything();
  const at::Tensor result = moved(bars(300), {0, 20.0}).view({300, kSide, kSide});
  const at::Tensor rows = result.sum(2).to(at::kFloat);  // how much lies in each row
  const at::Tensor above = rows.slice(1, 0, 4).sum(1);
  const at::Tensor below = rows.slice(1, 5, 9).sum(1);
  REQUIRE((above - below).max().item<float>() > 100);
  REQUIRE((below - above).max().item<float>() > 100);
  // The end of the bar is 3 pixels from the middle: it rises by less than 2.
  REQUIRE(rows.slice(1, 0, 2).max().item<float>() == 0);
  REQUIRE(moved(bars(5), {0, 0.0}).equal(bars(5)));
}

TEST_CASE("the images are moved anew for every epoch, from the originals") {
  cfc::testing::Generator random = seed_everything();
  struct Watcher : Observer {
    explicit Watcher(at::Tensor images) : images_(std::move(images)) {}
    void batch_done() override {}
    void epoch_done(const EpochReport& /*report*/) override { seen.push_back(images_.clone()); }
    std::vector<at::Tensor> seen;

   private:
    at::Tensor images_;
  };
  const Samples samples = to_samples(cfc::testing::synthetic_data(50, 64, random));
  const at::Tensor originals = samples.images.clone();
  Watcher watcher(samples.images);
  Augmenter augmenter(samples.images, {2, 0.0}, watcher);
  Model model = make_model({64, 10});
  fit(model, Arithmetic::real, {8, 1e-3, 1e-5, 50}, samples, samples, augmenter);
  REQUIRE(watcher.seen.size() == 8);
  REQUIRE_FALSE(watcher.seen[0].equal(originals));
  REQUIRE_FALSE(watcher.seen[0].equal(watcher.seen[1]));
  // Shifts that added up would have moved everything out of many images by now.
  const at::Tensor bytes = samples.images.mul(256.0);
  REQUIRE(bytes.equal(bytes.round()));
  REQUIRE(samples.images.sum().item<float>() > 0.4F * originals.sum().item<float>());
}

TEST_CASE("images that are not square cannot be moved") {
  CHECK_THAT(input_error([] {
               moved(at::zeros({2, 10}, at::kByte), {1, 0.0});
             }),
             Contains("10 pixels are not square"));
}

}  // namespace
}  // namespace cfc::compress
