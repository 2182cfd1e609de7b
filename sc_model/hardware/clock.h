#pragma once

#include <systemc>

namespace cfc {

/// A clock for blocks that look at rising edges only, and that say when they look. It takes the
/// place of an sc_clock, of which every cycle costs two processes, two timed events and two
/// updates: this one costs one process and one event in a cycle in which some block is awake, and
/// nothing in the others. Its value can be read (high in the first half of a cycle), but nothing
/// happens at the falling edge: what needs falling edges, every edge or a waveform of the clock,
/// uses an sc_clock instead.
class Clock : public sc_core::sc_module, public sc_core::sc_signal_in_if<bool> {
 public:
  /// Rising edges lie one period apart, and one of them `phase` (less than a period) after the
  /// start, unless that is the start itself.
  Clock(const sc_core::sc_module_name& name, const sc_core::sc_time& period,
        const sc_core::sc_time& phase);

  /// One more block looks at every edge that is still to come, one due at this moment included,
  /// until it lets go. Only that keeps the clock running.
  void hold();
  void let_go();

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
  bool has_risen_now() const;

  const sc_core::sc_time period_;
  const sc_core::sc_time phase_;
  sc_core::sc_event edge_{"edge"};
  sc_core::sc_event never_{"never"};
  sc_core::sc_time last_edge_;
  int holders_{0};
  mutable bool value_{false};
};

}  // namespace cfc
