#include "sc_model/hardware/clock.h"

namespace cfc {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

Clock::Clock(const sc_core::sc_module_name& name, const sc_time& period, const sc_time& phase)
    : sc_module(name), period_(period), phase_(phase) {
  SC_HAS_PROCESS(Clock);
  SC_METHOD(tick);
  sensitive << edge_;
  dont_initialize();
}

void Clock::hold() {
  if (holders_++ > 0) return;
  const sc_time since_edge = (sc_time_stamp() + period_ - phase_) % period_;
  const bool is_due = since_edge == sc_core::SC_ZERO_TIME && !has_risen_now();
  edge_.notify(is_due ? sc_core::SC_ZERO_TIME : period_ - since_edge);
}

void Clock::let_go() {
  if (--holders_ == 0) edge_.cancel();
}

void Clock::tick() {
  last_edge_ = sc_time_stamp();
  if (holders_ > 0) edge_.notify(period_);
}

bool Clock::has_risen_now() const { return edge_.triggered() || last_edge_ == sc_time_stamp(); }

const bool& Clock::read() const {
  const bool has_ticked = last_edge_ != sc_core::SC_ZERO_TIME;
  value_ = has_ticked && sc_time_stamp() - last_edge_ < 0.5 * period_;
  return value_;
}

}  // namespace cfc
