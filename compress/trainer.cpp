#include "compress/trainer.h"

#include <cmath>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/randperm.h>
#include <torch/optim/adam.h>

namespace cfc::compress {
namespace {

std::int64_t batches_of(const Samples& samples, const Recipe& recipe) {
  return (samples.size() + recipe.batch - 1) / recipe.batch;
}

void set_rate(torch::optim::Optimizer& optimiser, double rate) {
  for (auto& group : optimiser.param_groups())
    static_cast<torch::optim::AdamOptions&>(group.options()).lr(rate);
}

/// One step on one batch; returns the sum of its losses.
double step(const Model& model, Arithmetic arithmetic, torch::optim::Optimizer& optimiser,
            const at::Tensor& images, const at::Tensor& labels) {
  optimiser.zero_grad();
  const at::Tensor loss = at::cross_entropy_loss(model.forward(images, arithmetic), labels);
  loss.backward();
  optimiser.step();
  return loss.item<double>() * static_cast<double>(images.size(0));
}

}  // namespace

double triangular_rate(const Recipe& recipe, std::int64_t step, std::int64_t steps) {
  const double phase = 2.0 * static_cast<double>(step) / static_cast<double>(steps);
  return recipe.base_rate + (recipe.peak_rate - recipe.base_rate) * (1.0 - std::abs(phase - 1.0));
}

void make_deterministic(std::uint64_t seed) {
  at::set_num_threads(1);
  at::manual_seed(seed);
}

void fit(Model& model, Arithmetic arithmetic, const Recipe& recipe, const Samples& training,
         const Samples& validation, Observer& observer) {
  torch::optim::Adam optimiser(model.parameters(),
                               torch::optim::AdamOptions().weight_decay(recipe.weight_decay));
  const std::int64_t steps = recipe.epochs * batches_of(training, recipe);
  std::int64_t done = 0;
  for (int epoch = 1; epoch <= recipe.epochs; ++epoch) {
    double loss = 0.0;
    for (const at::Tensor& batch : at::randperm(training.size(), at::kLong).split(recipe.batch)) {
      set_rate(optimiser, triangular_rate(recipe, done++, steps));
      loss += step(model, arithmetic, optimiser, training.images.index_select(0, batch),
                   training.labels.index_select(0, batch));
      observer.batch_done();
    }
    observer.epoch_done({epoch, recipe.epochs, loss / static_cast<double>(training.size()),
                         accuracy(model, arithmetic, validation)});
  }
}

}  // namespace cfc::compress
