#include "sc_model/tlm/gated_clock.h"

namespace cfc {

GatedClock::GatedClock(const sc_core::sc_module_name& name, const ClockGrid& grid)
    : sc_module(name), grid_(grid) {
  SC_HAS_PROCESS(GatedClock);
  SC_METHOD(toggle);
  sensitive << toggle_event_;
  dont_initialize();
}

void GatedClock::run() {
  wanted_ = true;
  if (running_) return;
  running_ = true;
  const sc_core::sc_time now = sc_core::sc_time_stamp();
  toggle_event_.notify(grid_.rising_after(now) - now);
}

void GatedClock::stop() {
  // Blocks that were woken last have their edges to settle and fall asleep.
  constexpr int kSettle = 4;
  if (wanted_) edges_left_ = kSettle;
  wanted_ = false;
}

void GatedClock::toggle() {
  const bool rising = !clk.read();
  clk.write(rising);
  const sc_core::sc_time now = sc_core::sc_time_stamp();
  if (rising) {
    toggle_event_.notify(grid_.control_after(now) - now);
  } else if (wanted_ || edges_left_-- > 0) {
    toggle_event_.notify(grid_.rising_after(now) - now);
  } else {
    running_ = false;
  }
}

}  // namespace cfc
