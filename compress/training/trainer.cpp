#include "compress/training/trainer.h"

#include <cmath>
#include <sstream>
#include <utility>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/randperm.h>
#include <fmt/format.h>
#include <torch/optim/adam.h>
#include <torch/serialize/archive.h>

#include "support/error.h"

namespace cfc::compress {
namespace {

/// What a pass over some images comes to.
struct Tally {
  double loss{0.0};  ///< sum
  std::int64_t right{0};
};

/// A training between two epochs.
class Training {
 public:
  Training(Model& model, Arithmetic arithmetic, const Recipe& recipe, const Samples& samples)
      : model_(model),
        arithmetic_(arithmetic),
        recipe_(recipe),
        samples_(samples),
        optimiser_(model.parameters(),
                   torch::optim::AdamOptions().weight_decay(recipe.weight_decay)) {
    check(recipe.dropout, model.layers.size());
  }

  bool is_over() const {
    return epochs_done() >= recipe_.epochs ||
           (recipe_.until && has_converged(*recipe_.until, accuracies_));
  }
  int epochs_done() const { return static_cast<int>(accuracies_.size()); }
  std::int64_t batches_done() const { return epochs_done() * batches(); }
  double last_accuracy() const { return accuracies_.back(); }

  /// Returns the mean loss. Throws InputError if it is no number any more.
  double run_epoch(Observer& observer);

  StageState state() const;
  void restore(const StageState& state);

 private:
  std::int64_t batches() const { return (samples_.size() + recipe_.batch - 1) / recipe_.batch; }
  void set_rate(double rate);
  Tally step(const at::Tensor& batch);
  at::Tensor loss(const at::Tensor& images, const at::Tensor& logits,
                  const at::Tensor& labels) const;
  std::int64_t right_in(const at::Tensor& logits, const at::Tensor& labels) const;

  Model& model_;
  Arithmetic arithmetic_;
  const Recipe& recipe_;
  const Samples& samples_;
  torch::optim::Adam optimiser_;
  std::vector<double> accuracies_;
};

void Training::set_rate(double rate) {
  for (auto& group : optimiser_.param_groups())
    static_cast<torch::optim::AdamOptions&>(group.options()).lr(rate);
}

at::Tensor Training::loss(const at::Tensor& images, const at::Tensor& logits,
                          const at::Tensor& labels) const {
  if (samples_.have_targets()) return at::mse_loss(logits, labels);
  return recipe_.distillation ? distillation_loss(*recipe_.distillation, images, logits, labels)
                              : at::cross_entropy_loss(logits, labels);
}

Tally Training::step(const at::Tensor& batch) {
  const at::Tensor images = samples_.images.index_select(0, batch);
  const at::Tensor labels = samples_.labels.index_select(0, batch);
  optimiser_.zero_grad();
  const at::Tensor logits = forward_with(recipe_.dropout, model_, images, arithmetic_);
  const at::Tensor mean = loss(images, logits, labels);
  mean.backward();
  optimiser_.step();
  return {mean.item<double>() * static_cast<double>(images.size(0)), right_in(logits, labels)};
}

std::int64_t Training::right_in(const at::Tensor& logits, const at::Tensor& labels) const {
  if (samples_.have_targets()) return 0;
  return logits.detach().argmax(1).eq(labels).sum().item<std::int64_t>();
}

double Training::run_epoch(Observer& observer) {
  const std::int64_t steps = recipe_.epochs * batches();
  std::int64_t done = batches_done();
  Tally total;
  for (const at::Tensor& batch : at::randperm(samples_.size(), at::kLong).split(recipe_.batch)) {
    set_rate(triangular_rate(recipe_, done++, steps));
    const Tally tally = step(batch);
    total.loss += tally.loss;
    total.right += tally.right;
    observer.batch_done();
  }
  if (!std::isfinite(total.loss))
    throw InputError(fmt::format("the training diverged in epoch {}: take smaller learning rates",
                                 epochs_done() + 1));
  const auto images = static_cast<double>(samples_.size());
  accuracies_.push_back(static_cast<double>(total.right) / images);
  return total.loss / images;
}

StageState Training::state() const {
  StageState state;
  state.finished = is_over();
  state.accuracies = accuracies_;
  for (const at::Tensor& parameter : model_.parameters())
    state.parameters.push_back(parameter.detach().clone());
  state.generator = at::detail::getDefaultCPUGenerator().get_state();
  if (state.finished) return state;
  std::ostringstream text;
  torch::serialize::OutputArchive archive;
  optimiser_.save(archive);
  archive.save_to(text);
  state.optimiser = text.str();
  return state;
}

void Training::restore(const StageState& state) {
  const at::NoGradGuard no_gradients;
  const std::vector<at::Tensor> parameters = model_.parameters();
  if (parameters.size() != state.parameters.size())
    throw InputError("the checkpoint is that of another network: delete it");
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].sizes() != state.parameters[i].sizes())
      throw InputError("the checkpoint is that of a network of another shape: delete it");
    parameters[i].copy_(state.parameters[i]);
  }
  accuracies_ = state.accuracies;
  at::Generator generator = at::detail::getDefaultCPUGenerator();
  generator.set_state(state.generator);
  if (state.finished) return;
  std::istringstream text(state.optimiser);
  torch::serialize::InputArchive archive;
  archive.load_from(text);
  optimiser_.load(archive);
}

/// That of `EpochReport`.
double figure(const Model& model, Arithmetic arithmetic, const Samples& validation) {
  return validation.have_targets() ? mean_squared_error(model, arithmetic, validation)
                                   : accuracy(model, arithmetic, validation);
}

/// `after_epoch` may keep the training's state.
template <typename AfterEpoch>
void run(Training& training, const Model& model, Arithmetic arithmetic, const Recipe& recipe,
         const Samples& validation, Observer& observer, AfterEpoch after_epoch) {
  while (!training.is_over()) {
    const double loss = training.run_epoch(observer);
    after_epoch();
    observer.epoch_done({training.epochs_done(), recipe.epochs, loss,
                         figure(model, arithmetic, validation), training.last_accuracy()});
  }
}

}  // namespace

double triangular_rate(const Recipe& recipe, std::int64_t step, std::int64_t steps) {
  const std::int64_t cycle = recipe.cycle_steps > 0 ? recipe.cycle_steps : steps;
  const double phase = 2.0 * static_cast<double>(step % cycle) / static_cast<double>(cycle);
  return recipe.base_rate + (recipe.peak_rate - recipe.base_rate) * (1.0 - std::abs(phase - 1.0));
}

void make_deterministic(std::uint64_t seed) {
  at::set_num_threads(1);
  at::manual_seed(seed);
}

void fit(Model& model, Arithmetic arithmetic, const Recipe& recipe, const Samples& training,
         const Samples& validation, Observer& observer) {
  Training running(model, arithmetic, recipe, training);
  run(running, model, arithmetic, recipe, validation, observer, [] {});
}

void fit(Model& model, Arithmetic arithmetic, const Recipe& recipe, const Samples& training,
         const Samples& validation, Observer& observer, const ResumableStage& stage) {
  Training running(model, arithmetic, recipe, training);
  if (const StageState* state = stage.checkpoint.find(stage.name)) {
    running.restore(*state);
    observer.resumed(running.batches_done());
  }
  run(running, model, arithmetic, recipe, validation, observer,
      [&] { stage.checkpoint.keep(stage.name, running.state()); });
}

}  // namespace cfc::compress
