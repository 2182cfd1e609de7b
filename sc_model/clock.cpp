#include "sc_model/clock.h"

namespace cfc {

Clock::Clock(const sc_core::sc_module_name& name, const sc_core::sc_time& period)
    : sc_module(name), period_(period) {
  SC_HAS_PROCESS(Clock);
  SC_METHOD(tick);
  sensitive << edge_;
  dont_initialize();
  edge_.notify(0.5 * period_);
}

void Clock::tick() {
  last_edge_ = sc_core::sc_time_stamp();
  edge_.notify(period_);
}

const bool& Clock::read() const {
  const bool has_ticked = last_edge_ != sc_core::SC_ZERO_TIME;
  value_ = has_ticked && sc_core::sc_time_stamp() - last_edge_ < 0.5 * period_;
  return value_;
}

}  // namespace cfc
