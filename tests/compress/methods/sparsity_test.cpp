#include "compress/methods/sparsity.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>
#include <catch2/catch.hpp>

#include "compress/methods/factorise.h"
#include "tests/compress/helpers/random_data.h"
#include "tests/helpers/temporary_folder.h"

namespace cfc::compress {
namespace {

using Catch::Matchers::Contains;
using cfc::testing::input_error;
using cfc::testing::seed_everything;
using cfc::testing::synthetic_data;

struct Onlooker : Observer {
  void batch_done() override { ++batches; }
  void epoch_done(const EpochReport& /*report*/) override { ++epochs; }
  int batches{0};
  int epochs{0};
};

std::int64_t zeros(const at::Tensor& values) { return values.eq(0).sum().item<std::int64_t>(); }

TEST_CASE("the smallest magnitudes are pruned, and nothing else changes") {
  at::Tensor values = at::tensor({0.5, -0.1, 3.0, -2.0, 0.2, 0.0}, at::kFloat).view({2, 3});
  const at::Tensor mask = prune_smallest(values, 0.5);
  REQUIRE(values.equal(at::tensor({0.5, 0.0, 3.0, -2.0, 0.0, 0.0}, at::kFloat).view({2, 3})));
  REQUIRE(mask.equal(at::tensor({1., 0., 1., 1., 0., 0.}, at::kFloat).view({2, 3})));
  prune_smallest(values, 0.34);  // two of six: zeros already
  REQUIRE(zeros(values) == 3);
}

TEST_CASE("a training ends with the wanted zeros, in integers, and they stay once pruned") {
  cfc::testing::Generator random = seed_everything();
  const golden::Dataset data = synthetic_data(600, 64, random);
  const Samples samples = to_samples(data);
  Onlooker nobody;
  Model model = make_model({64, 20, 16, 10});
  fit(model, Arithmetic::real, {5, 1e-2, 1e-5, 50}, samples, samples, nobody);
  model.calibrate(samples.images);
  factorise(model, {1, 8, 8});
  model.calibrate(samples.images);
  const at::Tensor& u = find_weights(model, "fc1.u").value;
  const at::Tensor& w = find_weights(model, "fc2.w").value;

  struct ZerosKept : Onlooker {
    explicit ZerosKept(const at::Tensor& values) : values_(values) {}
    void batch_done() override {
      Onlooker::batch_done();
      const at::Tensor now = values_.detach().eq(0);
      if (before_.defined())
        kept = kept && before_.logical_and(now.logical_not()).sum().item<int>() == 0;
      before_ = now;
    }
    bool kept{true};

   private:
    const at::Tensor& values_;
    at::Tensor before_;
  } onlooker(u);

  const Recipe recipe{5, 2e-3, 1e-5, 20};
  GradualPruner pruner(model, {{"fc1.u", 0.8}, {"fc2.w", 0.5}}, 5 * 30, onlooker);
  fit(model, Arithmetic::integer, recipe, samples, samples, pruner);
  REQUIRE(onlooker.batches == 5 * 30);
  REQUIRE(onlooker.epochs == 5);
  REQUIRE(onlooker.kept);
  REQUIRE(zeros(u) == u.numel() * 8 / 10);
  REQUIRE(zeros(w) == w.numel() / 2);
  REQUIRE(zeros(find_weights(model, "fc1.u").integers()) >= u.numel() * 8 / 10);
  REQUIRE(zeros(find_weights(model, "fc3.w").value) == 0);  // nobody asked for it
}

TEST_CASE("without the pruner the same training leaves no weight exactly zero") {
  cfc::testing::Generator random = seed_everything();
  const Samples samples = to_samples(synthetic_data(200, 64, random));
  Model model = make_model({64, 20, 10});
  model.calibrate(samples.images);
  Onlooker onlooker;
  fit(model, Arithmetic::integer, {1, 1e-2, 1e-5, 20}, samples, samples, onlooker);
  REQUIRE(zeros(find_weights(model, "fc1.w").value) == 0);
}

TEST_CASE("shares of zeros are read, and refused where they make no sense") {
  const ZeroShare good = parse_zero_share("fc1.u:0.8");
  REQUIRE(good.matrix == "fc1.u");
  REQUIRE(good.share == 0.8);
  for (const char* text : {"", "fc1.u", ":0.5", "fc1.u:", "fc1.u:1", "fc1.u:-0.1", "fc1.u:0.5x",
                           "fc1.u:nan", "fc1.u:half"}) {
    INFO(text);
    CHECK_THAT(input_error([&] { parse_zero_share(text); }), Contains("MATRIX:SHARE"));
  }
  Model model = make_model({8, 4, 2});
  CHECK_THAT(input_error([&] { find_weights(model, "fc1.u"); }),
             Contains("fc1.u") && Contains("fc1.w, fc2.w"));
}

}  // namespace
}  // namespace cfc::compress
