#include "sc_model/hardware/clocked_module.h"

namespace cfc {

ClockedModule::ClockedModule(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_HAS_PROCESS(ClockedModule);
  SC_METHOD(on_edge);
  sensitive << i_clk.pos();
  dont_initialize();
}

void ClockedModule::end_of_elaboration() {
  for (sc_core::sc_object* child : get_child_objects()) {
    const auto* input = dynamic_cast<sc_core::sc_in<bool>*>(child);
    if (input && input != &i_clk) wake_on(input->value_changed_event());
  }
  clock_ = dynamic_cast<Clock*>(i_clk.get_interface());
  wake();
}

void ClockedModule::sleep() {
  fall_asleep();
  next_trigger(wake_events_);
}

void ClockedModule::sleep_at_most(const sc_core::sc_time& time) {
  fall_asleep();
  next_trigger(time, wake_events_);
}

void ClockedModule::wake() {
  if (clock_) clock_->hold();
  awake_ = true;
}

void ClockedModule::fall_asleep() {
  if (awake_ && clock_) clock_->let_go();
  awake_ = false;
}

void ClockedModule::on_edge() {
  ++activations_;
  if (!awake_) {
    wake();
    // A wake event comes after the edge that caused it: this run only re-arms the clock.
    if (!i_clk.posedge()) return;
  }
  if (i_rst_n.read()) {
    on_clock();
  } else {
    reset();
  }
}

}  // namespace cfc
