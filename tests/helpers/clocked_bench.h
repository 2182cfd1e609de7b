#pragma once

#include <systemc>

#include "sc_model/hardware/clock.h"

namespace cfc::testing {

/// Clock and reset for blocks that stand by themselves. It is driven from outside any process: the
/// time between two calls is the middle of a cycle, and what is written to an input there stands at
/// the edge that ends the cycle.
class ClockedBench : public sc_core::sc_module {
 public:
  explicit ClockedBench(const sc_core::sc_module_name& name) : sc_module(name) {}

  template <typename Block>
  void clock(Block& block) {
    block.i_clk(clock_);
    block.i_rst_n(rst_n_);
  }

  /// Passes an edge, to the middle of the next cycle.
  void cycle() { sc_core::sc_start(period()); }

  /// Passes an edge under reset.
  void reset() {
    rst_n_.write(false);
    cycle();
    rst_n_.write(true);
  }

  /// Time of the edge that began this cycle.
  static sc_core::sc_time edge() { return sc_core::sc_time_stamp() - 0.5 * period(); }
  static sc_core::sc_time period() { return {10, sc_core::SC_NS}; }

 private:
  Clock clock_{"clock", period(), 0.5 * period()};
  sc_core::sc_signal<bool> rst_n_{"rst_n"};
};

}  // namespace cfc::testing
