#pragma once

#include <cstddef>

#include "sc_model/hardware/signal.h"
#include "testbench/accelerator_bench.h"
#include "testbench/stepper.h"

namespace cfc {

/// A signal of the accelerator.
struct LayerSignal {
  std::size_t layer;  ///< from 1
  Signal signal;
};

/// The SystemC model in its bench.
class ModelStepper : public Stepper {
 public:
  /// `bench` and `signals` must outlive the stepper.
  ModelStepper(AcceleratorBench& bench, const std::vector<LayerSignal>& signals)
      : bench_(bench), signals_(signals), is_meaningful_(signals.size()) {}

  void reset() override { bench_.reset(); }
  void settle() override;
  /// A signal that means nothing in this cycle is left as it is in `values`.
  void observe(std::vector<std::int32_t>& values) override;
  void clock() override { bench_.run(1); }

  /// Whether the signal meant something when it was observed last.
  bool is_meaningful(std::size_t place) const { return is_meaningful_[place]; }

 private:
  AcceleratorBench& bench_;
  const std::vector<LayerSignal>& signals_;
  std::vector<bool> is_meaningful_;
};

}  // namespace cfc
