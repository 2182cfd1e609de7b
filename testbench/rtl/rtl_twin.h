#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "testbench/accelerator_bench.h"
#include "testbench/link_break.h"
#include "testbench/rtl/rtl_library.h"

namespace cfc {

/// The Verilated RTL of a bench's accelerator, under the bench's stimulus.
class RtlTwin {
 public:
  /// Observes the probes `names[layer]`, slot by slot. `bench` and `breaks`, those in its links (of
  /// size 0 where it has none), must outlive the twin.
  RtlTwin(AcceleratorBench& bench, LinkBreaks& breaks, const golden::Network& network,
          const std::vector<std::vector<std::string>>& names);

  /// One clock cycle of reset.
  void reset();

  /// What the SystemC accelerator sees at its two ends in this cycle is what the RTL sees.
  void drive();

  void observe(std::vector<std::uint32_t>& values) { rtl_->observe(values); }
  void clock() { rtl_->clock(); }

 private:
  AcceleratorBench& bench_;
  LinkBreaks& breaks_;
  std::unique_ptr<RtlSimulation> rtl_;
  std::vector<std::uint32_t> controls_;
  std::vector<std::uint8_t> data_;
};

}  // namespace cfc
