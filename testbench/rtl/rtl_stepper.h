#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "testbench/accelerator_bench.h"
#include "testbench/link_break.h"
#include "testbench/model_stepper.h"
#include "testbench/rtl/rtl_library.h"
#include "testbench/stepper.h"

namespace cfc {

/// The Verilated RTL of a bench's accelerator, under the bench's stimulus: settle the model first.
class RtlStepper : public Stepper {
 public:
  /// `bench` and `breaks`, those in its links (of size 0 where it has none), must outlive the
  /// stepper.
  RtlStepper(AcceleratorBench& bench, LinkBreaks& breaks, const golden::Network& network,
             const std::vector<LayerSignal>& signals);

  void reset() override;
  /// What the SystemC accelerator sees at its two ends in this cycle is what the RTL sees.
  void settle() override;
  void observe(std::vector<std::int32_t>& values) override { rtl_->observe(values); }
  void clock() override { rtl_->clock(); }

 private:
  AcceleratorBench& bench_;
  LinkBreaks& breaks_;
  std::unique_ptr<RtlSimulation> rtl_;
  std::vector<std::uint32_t> controls_;
  std::vector<std::uint8_t> data_;
};

}  // namespace cfc
