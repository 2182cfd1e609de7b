#include "sc_model/tlm/gated_clock.h"

namespace cfc {

void GatedClock::run() {
  wanted_ = true;
  if (running_) return;
  running_ = true;
  const sc_core::sc_time& now = sc_core::sc_time_stamp();
  rise_in(grid_.rising_after(now) - now);
}

void GatedClock::stop() {
  // Blocks that were woken last have their edges to settle and fall asleep.
  constexpr int kSettle = 4;
  if (wanted_) edges_left_ = kSettle;
  wanted_ = false;
}

void GatedClock::go_on() {
  running_ = wanted_ || edges_left_-- > 0;
  if (running_) rise_in(period());
}

}  // namespace cfc
