#pragma once

#include <systemc>

#include "sc_model/clock.h"
#include "sc_model/tlm/clock_grid.h"

namespace cfc {

/// The accelerator's clock, with rising edges at multiples of the period. It stands still while
/// there is nothing to do: blocks that sleep cannot tell, and the simulation need not run it.
class GatedClock : public EdgeClock {
 public:
  GatedClock(const sc_core::sc_module_name& name, const ClockGrid& grid)
      : EdgeClock(name, grid.period()), grid_(grid) {}

  /// Runs, from the next rising edge on. Call at any moment but a rising edge.
  void run();
  /// Stops when a few more edges have passed.
  void stop();

 private:
  void go_on() override;

  const ClockGrid& grid_;
  bool wanted_{false};
  bool running_{false};
  int edges_left_{0};
};

}  // namespace cfc
