#pragma once

#include <systemc>

namespace cfc {

/// A clock for blocks that look at rising edges only, half a period after the start and then once a
/// period. It takes the place of an sc_clock, of which every cycle costs two processes, two timed
/// events and two updates, where this one costs one process and one event. Its value can be read
/// (high in the first half of a cycle), but nothing happens at the falling edge: what needs falling
/// edges, or a waveform of the clock, uses an sc_clock instead.
class Clock : public sc_core::sc_module, public sc_core::sc_signal_in_if<bool> {
 public:
  Clock(const sc_core::sc_module_name& name, const sc_core::sc_time& period);

  const bool& read() const override;
  const bool& get_data_ref() const override { return read(); }
  bool event() const override { return edge_.triggered(); }
  bool posedge() const override { return edge_.triggered(); }
  bool negedge() const override { return false; }
  const sc_core::sc_event& default_event() const override { return edge_; }
  const sc_core::sc_event& value_changed_event() const override { return edge_; }
  const sc_core::sc_event& posedge_event() const override { return edge_; }
  const sc_core::sc_event& negedge_event() const override { return never_; }

 private:
  void tick();

  const sc_core::sc_time period_;
  sc_core::sc_event edge_{"edge"};
  sc_core::sc_event never_{"never"};
  sc_core::sc_time last_edge_;
  mutable bool value_{false};
};

}  // namespace cfc
