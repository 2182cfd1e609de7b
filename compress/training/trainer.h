#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "compress/network/model.h"
#include "compress/network/samples.h"
#include "compress/training/checkpoint.h"
#include "compress/training/convergence.h"
#include "compress/training/distillation.h"
#include "compress/training/dropout.h"

namespace cfc::compress {

/// How long and how fast. Adam with weight decay; the rate goes in triangles from `base_rate` up to
/// `peak_rate` and back.
struct Recipe {
  int epochs{};  ///< at most, if `until` is set
  double peak_rate{};
  double base_rate{1e-5};
  std::int64_t batch{150};
  double weight_decay{5e-4};
  std::int64_t cycle_steps{0};  ///< batches a triangle takes; 0: one triangle for all epochs
  Dropout dropout{};
  std::optional<Distillation> distillation{};
  std::optional<Convergence> until{};
};

/// What is known after an epoch.
struct EpochReport {
  int epoch;  ///< 1 is the first
  int epochs;
  double loss;        ///< mean over the epoch
  double validation;  ///< accuracy, or mean squared error of targets: reported, never acted upon
  double training_accuracy;  ///< over the epoch, while the weights changed; 0 of targets
};

/// Who looks on while a model is trained. What it throws ends the training.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void batch_done() = 0;
  virtual void epoch_done(const EpochReport& report) = 0;
  /// The training goes on from the end of an epoch, after so many batches of an earlier run; the
  /// weights and torch's generator are as they were then.
  virtual void resumed(std::int64_t /*batches*/) {}
};

/// Learning rate of step `step` of a training of `steps` batches.
double triangular_rate(const Recipe& recipe, std::int64_t step, std::int64_t steps);

/// One thread, and every random number from `seed`: the same machine then trains to the same bits.
void make_deterministic(std::uint64_t seed);

/// A stage of a training that keeps its state after every epoch, and goes on from there.
struct ResumableStage {
  Checkpoint& checkpoint;
  std::string name;
};

/// Trains the model in place on `training`, each epoch in a new random order: to tell its classes
/// apart (cross entropy), or to come near its targets (mean squared error). Throws InputError if
/// the dropout does not fit the model, or if the loss grows beyond all numbers.
void fit(Model& model, Arithmetic arithmetic, const Recipe& recipe, const Samples& training,
         const Samples& validation, Observer& observer);

/// The same, beginning where `stage` was left; a finished stage only gives its weights back. The
/// result is that of a training that was never interrupted, to the bit.
void fit(Model& model, Arithmetic arithmetic, const Recipe& recipe, const Samples& training,
         const Samples& validation, Observer& observer, const ResumableStage& stage);

}  // namespace cfc::compress
