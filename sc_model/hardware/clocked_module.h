#pragma once

#include <cstdint>

#include <systemc>

#include "sc_model/hardware/clock.h"

namespace cfc {

/// A block whose registers change on the rising edge of `i_clk`, with a synchronous active-low
/// reset. All its outputs are functions of its registers (docs/reference/timing.md), so one
/// process, the derived class's `on_clock`, is the whole block.
///
/// A block that can do nothing before one of its inputs changes may `sleep`: its process is then
/// not run at every edge, and its outputs are the same as if it were. Every `sc_in<bool>` of the
/// block but the clock ends its sleep.
class ClockedModule : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> i_clk{"i_clk"};
  sc_core::sc_in<bool> i_rst_n{"i_rst_n"};

  /// How often the block has been run: less than once a cycle if it slept.
  std::uint64_t activations() const { return activations_; }

 protected:
  explicit ClockedModule(const sc_core::sc_module_name& name);

  /// Gives every register its reset value and drives the outputs.
  virtual void reset() = 0;

  /// Computes the registers of the cycle that begins at this edge, from the registers and inputs of
  /// the cycle before, and drives the outputs.
  virtual void on_clock() = 0;

  /// Names another event that ends `sleep`. Call in end_of_elaboration.
  void wake_on(const sc_core::sc_event& event) { wake_events_ |= event; }

  /// To be called last in `on_clock`: skips edges until a wake event or a reset. The first edge
  /// after the event is seen.
  void sleep();
  /// The same, for `time` at most, a whole number of cycles.
  void sleep_at_most(const sc_core::sc_time& time);

  void end_of_elaboration() override;

 private:
  void on_edge();
  void wake();
  void fall_asleep();

  sc_core::sc_event_or_list wake_events_;
  Clock* clock_{nullptr};  ///< the clock, if it rests while all its blocks sleep
  bool awake_{false};
  std::uint64_t activations_{0};
};

}  // namespace cfc
