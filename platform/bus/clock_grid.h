#pragma once

#include <systemc>

namespace cfc {

/// The moments of a clock period at which the parts of the TLM front end act. Nothing acts at the
/// moment at which another process may: what comes from the bus at any time is seen at the next
/// moment strictly after it, so that no result depends on the order of processes, and loosely and
/// approximately timed runs agree.
///
///     rising edge        the accelerator's registers
///     half a period      the front end's control
///     three quarters     a request leaves for the bus
class ClockGrid {
 public:
  explicit ClockGrid(const sc_core::sc_time& period) : period_(period) {}

  const sc_core::sc_time& period() const { return period_; }
  sc_core::sc_time control_after(const sc_core::sc_time& time) const { return after(time, 2); }
  sc_core::sc_time request_after(const sc_core::sc_time& time) const { return after(time, 3); }
  /// The same, but at `time` itself if it is such a moment.
  sc_core::sc_time request_from(const sc_core::sc_time& time) const {
    const auto value = time.value();
    return value == 0 ? request_after(time)
                      : request_after(sc_core::sc_time::from_value(value - 1));
  }

 private:
  sc_core::sc_time after(const sc_core::sc_time& time, unsigned quarters) const {
    const auto period = period_.value();
    const auto offset = period * quarters / 4;
    const auto now = time.value();
    const auto next = now < offset ? offset : offset + ((now - offset) / period + 1) * period;
    return sc_core::sc_time::from_value(next);
  }

  sc_core::sc_time period_;
};

}  // namespace cfc
