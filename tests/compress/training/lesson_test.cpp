#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/tensor.h>
#include <catch2/catch.hpp>

#include "compress/training/convergence.h"
#include "compress/training/distillation.h"
#include "compress/training/dropout.h"
#include "compress/training/trainer.h"
#include "support/error.h"
#include "tests/compress/helpers/random_data.h"

namespace cfc::compress {
namespace {

using cfc::testing::seed_everything;
using cfc::testing::synthetic_data;

class Counter : public Observer {
 public:
  void batch_done() override {}
  void epoch_done(const EpochReport& /*report*/) override { ++epochs; }
  int epochs{0};
};

TEST_CASE("a training has converged when its last accuracies lie together") {
  const Convergence rule{3, 0.01};
  REQUIRE_FALSE(has_converged(rule, {}));
  REQUIRE_FALSE(has_converged(rule, {0.9, 0.9}));
  REQUIRE(has_converged(rule, {0.9, 0.9, 0.9}));
  REQUIRE(has_converged(rule, {0.1, 0.9, 0.905, 0.909}));
  REQUIRE_FALSE(has_converged(rule, {0.9, 0.9, 0.9, 0.92}));
  REQUIRE_FALSE(has_converged({2, 0.25}, {0.5, 0.75}));  // less than, not at most
  REQUIRE(has_converged({}, std::vector<double>(10, 0.9380)));
  REQUIRE_FALSE(has_converged({}, std::vector<double>(9, 0.9380)));
}

TEST_CASE("training ends early once it has converged, and at its epochs if it never does") {
  auto random = seed_everything();
  const Samples samples = to_samples(synthetic_data(200, 64, random));
  for (const auto& [spread, epochs] : {std::pair{2.0, 4}, std::pair{0.0, 7}}) {
    Counter counter;
    Model model = make_model({64, 20, 10});
    Recipe recipe{7, 1e-3};
    recipe.until = Convergence{4, spread};
    fit(model, Arithmetic::real, recipe, samples, samples, counter);
    CHECK(counter.epochs == epochs);
  }
}

TEST_CASE("the rate goes round in cycles where they are set") {
  Recipe recipe{10, 1e-2, 1e-4};
  recipe.cycle_steps = 20;
  for (const std::int64_t start : {0, 20, 140}) {
    CHECK(triangular_rate(recipe, start, 200) == Approx(1e-4));
    CHECK(triangular_rate(recipe, start + 10, 200) == Approx(1e-2));
    CHECK(triangular_rate(recipe, start + 5, 200) == Approx((1e-2 + 1e-4) / 2));
  }
}

/// Two hidden layers that only pass on: the logits are the sums of the surviving activations.
Model pass_on(std::int64_t nodes) {
  Model model = make_model({nodes, nodes, nodes, 1});
  const at::NoGradGuard no_gradients;
  for (FullyConnected& layer : model.layers) {
    at::Tensor& w = std::get<Dense>(layer.weights).w.value;
    w.zero_();
    if (w.size(1) == 1)
      w.fill_(1.0);
    else
      w.fill_diagonal_(1.0);
    layer.bias.zero_();
  }
  return model;
}

TEST_CASE("dropout removes its share after its layers, and scales what stays") {
  seed_everything();
  constexpr std::int64_t kNodes = 400;
  const Model model = pass_on(kNodes);
  const at::Tensor images = at::ones({50, kNodes});
  const at::NoGradGuard no_gradients;
  const auto mean_and_spread = [&](const Dropout& dropout) {
    const at::Tensor sums = forward_with(dropout, model, images, Arithmetic::real);
    return std::pair{sums.mean().item<double>() / kNodes, sums.std().item<double>()};
  };
  CHECK(mean_and_spread({}) == std::pair{1.0, 0.0});
  for (const double p : {0.1, 0.5}) {
    // A survivor counts 1 / (1 - p): variance p / (1 - p) each, and again for a second location.
    const auto [mean_one, spread_one] = mean_and_spread({{1}, p});
    const double expected = std::sqrt(kNodes * p / (1 - p));
    CHECK(mean_one == Approx(1.0).margin(0.05));
    CHECK(spread_one == Approx(expected).epsilon(0.35));
    const double survive = (1 - p) * (1 - p);
    const auto [mean_two, spread_two] = mean_and_spread({{1, 2}, p});
    CHECK(mean_two == Approx(1.0).margin(0.05));
    CHECK(spread_two == Approx(std::sqrt(kNodes * (1 - survive) / survive)).epsilon(0.35));
  }
}

TEST_CASE("dropout where there is no hidden layer, or of an impossible share, is refused") {
  for (const Dropout& bad : {Dropout{{0}, 0.1}, Dropout{{3}, 0.1}, Dropout{{1}, 1.0},
                             Dropout{{1}, -0.1}, Dropout{{2}, std::nan("")}})
    REQUIRE_THROWS_AS(check(bad, 3), InputError);
  REQUIRE_NOTHROW(check({{1, 2}, 0.5}, 3));
}

TEST_CASE("the distillation loss is eq. (1), by hand") {
  Model teacher = make_model({2, 2});
  {
    const at::NoGradGuard no_gradients;
    auto& layer = teacher.layers.front();
    std::get<Dense>(layer.weights).w.value.zero_().fill_diagonal_(1.0);
    layer.bias.zero_();
  }
  const at::Tensor image = at::tensor({2.0F, 0.0F}).unsqueeze(0);  // the teacher's logits
  const at::Tensor logits = at::tensor({1.0F, 3.0F}).unsqueeze(0);
  const at::Tensor label = at::tensor({std::int64_t{0}});
  const auto log_share = [](double a, double b) { return a - std::log(std::exp(a) + std::exp(b)); };

  const double tau = 4.0;
  const double q = std::exp(log_share(2.0 / tau, 0.0));
  const double soft =
      -q * log_share(1.0 / tau, 3.0 / tau) - (1 - q) * log_share(3.0 / tau, 1.0 / tau);
  const double hard = -log_share(1.0, 3.0);
  for (const double share : {0.0, 0.3, 1.0}) {
    const Distillation distillation{&teacher, Arithmetic::real, share, tau};
    const at::Tensor loss = distillation_loss(distillation, image, logits, label);
    CHECK(loss.item<double>() == Approx(share * soft + (1 - share) * hard));
  }
}

}  // namespace
}  // namespace cfc::compress
