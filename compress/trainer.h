#pragma once

#include <cstdint>

#include "compress/model.h"
#include "compress/samples.h"

namespace cfc::compress {

/// How long and how fast. Adam with weight decay; the rate makes one triangular cycle over the
/// whole training, from `base_rate` up to `peak_rate` and back.
struct Recipe {
  int epochs{};
  double peak_rate{};
  double base_rate{1e-5};
  std::int64_t batch{150};
  double weight_decay{5e-4};
};

/// What is known after an epoch.
struct EpochReport {
  int epoch;  ///< 1 is the first
  int epochs;
  double loss;                 ///< mean cross entropy over the epoch
  double validation_accuracy;  ///< reported, never acted upon
};

/// Who looks on while a model is trained. What it throws ends the training.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void batch_done() = 0;
  virtual void epoch_done(const EpochReport& report) = 0;
};

/// Learning rate of step `step` of `steps`.
double triangular_rate(const Recipe& recipe, std::int64_t step, std::int64_t steps);

/// One thread, and every random number from `seed`: the same machine then trains to the same bits.
void make_deterministic(std::uint64_t seed);

/// Trains the model in place on `training`, each epoch in a new random order.
void fit(Model& model, Arithmetic arithmetic, const Recipe& recipe, const Samples& training,
         const Samples& validation, Observer& observer);

}  // namespace cfc::compress
