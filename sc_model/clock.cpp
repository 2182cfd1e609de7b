#include "sc_model/clock.h"

namespace cfc {

EdgeClock::EdgeClock(const sc_core::sc_module_name& name, const sc_core::sc_time& period)
    : sc_module(name), period_(period) {
  SC_HAS_PROCESS(EdgeClock);
  SC_METHOD(tick);
  sensitive << edge_;
  dont_initialize();
}

void EdgeClock::tick() {
  last_edge_ = sc_core::sc_time_stamp();
  go_on();
}

const bool& EdgeClock::read() const {
  const bool has_ticked = last_edge_ != sc_core::SC_ZERO_TIME;
  value_ = has_ticked && sc_core::sc_time_stamp() - last_edge_ < 0.5 * period_;
  return value_;
}

Clock::Clock(const sc_core::sc_module_name& name, const sc_core::sc_time& period)
    : EdgeClock(name, period) {
  rise_in(0.5 * period);
}

}  // namespace cfc
