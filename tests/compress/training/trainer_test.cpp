#include "compress/training/trainer.h"

#include <catch2/catch.hpp>

#include "compress/methods/factorise.h"
#include "compress/network/conversion.h"
#include "golden/inference.h"
#include "tests/compress/helpers/random_data.h"

namespace cfc::compress {
namespace {

using cfc::testing::synthetic_data;
using cfc::testing::test_seed;

class Recorder : public Observer {
 public:
  void batch_done() override { ++batches; }
  void epoch_done(const EpochReport& report) override { reports.push_back(report); }

  int batches{0};
  std::vector<EpochReport> reports;
};

struct Splits {
  golden::Dataset validation_bytes;
  Samples training;
  Samples validation;

  Splits() {
    cfc::testing::Generator random(test_seed());
    training = to_samples(synthetic_data(600, 64, random));
    validation_bytes = synthetic_data(100, 64, random);
    validation = to_samples(validation_bytes);
  }
};

/// Float, integers, factors: the whole way on a small network.
golden::Network small_training(std::uint64_t seed) {
  const Splits splits;
  Recorder recorder;
  make_deterministic(seed);
  Model model = make_model({64, 20, 16, 10});
  fit(model, Arithmetic::real, {10, 1e-2, 1e-5, 50}, splits.training, splits.validation, recorder);
  model.calibrate(splits.training.images);
  fit(model, Arithmetic::integer, {4, 1e-3, 1e-5, 50}, splits.training, splits.validation,
      recorder);
  factorise(model, {1, 8, 8});
  model.calibrate(splits.training.images);
  fit(model, Arithmetic::integer, {4, 1e-3, 1e-5, 50}, splits.training, splits.validation,
      recorder);
  return to_network(model);
}

bool same_integers(const golden::Network& a, const golden::Network& b) {
  const auto& fa = std::get<golden::FactorisedWeights>(a.layers[0].weights);
  const auto& fb = std::get<golden::FactorisedWeights>(b.layers[0].weights);
  bool same = fa.u == fb.u && fa.v == fb.v && a.metadata == b.metadata;
  for (const std::size_t i : {1, 2})
    same = same && std::get<golden::DenseWeights>(a.layers[i].weights).w ==
                       std::get<golden::DenseWeights>(b.layers[i].weights).w;
  for (const std::size_t i : {0, 1, 2}) same = same && a.layers[i].bias == b.layers[i].bias;
  return same;
}

TEST_CASE("the learning rate is one triangle") {
  const Recipe recipe{1, 1e-2, 1e-4};
  REQUIRE(triangular_rate(recipe, 0, 100) == Approx(1e-4));
  REQUIRE(triangular_rate(recipe, 25, 100) == Approx((1e-2 + 1e-4) / 2));
  REQUIRE(triangular_rate(recipe, 50, 100) == Approx(1e-2));
  REQUIRE(triangular_rate(recipe, 75, 100) == Approx((1e-2 + 1e-4) / 2));
  REQUIRE(triangular_rate(recipe, 100, 100) == Approx(1e-4));
}

TEST_CASE("training tells of every batch and every epoch") {
  const Splits splits;
  Recorder recorder;
  make_deterministic(test_seed());
  Model model = make_model({64, 20, 10});
  fit(model, Arithmetic::real, {3, 1e-2, 1e-5, 250}, splits.training, splits.validation, recorder);
  REQUIRE(recorder.batches == 3 * 3);  // 600 images: 250, 250 and the remaining 100
  REQUIRE(recorder.reports.size() == 3);
  REQUIRE(recorder.reports.back().epoch == 3);
  REQUIRE(recorder.reports.back().loss < recorder.reports.front().loss);
}

TEST_CASE("a network that trained, was quantised and factorised tells the classes apart") {
  const Splits splits;
  make_deterministic(test_seed());
  REQUIRE(accuracy(make_model({64, 20, 16, 10}), Arithmetic::real, splits.validation) < 0.5);
  const golden::Network network = small_training(test_seed());
  const golden::InferenceResult result = golden::infer(network, splits.validation_bytes.images);
  REQUIRE(golden::accuracy(result.classes, splits.validation_bytes.labels) > 0.95);
}

TEST_CASE("the same seed gives the same integers, another seed gives others") {
  const golden::Network network = small_training(1);
  REQUIRE(same_integers(network, small_training(1)));
  REQUIRE_FALSE(same_integers(network, small_training(2)));
}

TEST_CASE("integer training updates every parameter, factors included") {
  const Splits splits;
  Recorder recorder;
  make_deterministic(test_seed());
  Model model = make_model({64, 20, 10});
  model.calibrate(splits.training.images);
  factorise(model, {1, 8, 8});
  model.calibrate(splits.training.images);
  std::vector<at::Tensor> before;
  for (const at::Tensor& parameter : model.parameters())
    before.push_back(parameter.detach().clone());
  fit(model, Arithmetic::integer, {1, 1e-3}, splits.training, splits.validation, recorder);
  const std::vector<at::Tensor> after = model.parameters();
  REQUIRE(after.size() == 5);  // U, V and bias; W and bias
  for (std::size_t i = 0; i < after.size(); ++i) REQUIRE_FALSE(after[i].equal(before[i]));
}

}  // namespace
}  // namespace cfc::compress
