#include "testbench/logits_sink.h"

namespace cfc {

LogitsSink::LogitsSink(const sc_core::sc_module_name& name, int classes)
    : ClockedModule(name), classes_(static_cast<std::size_t>(classes)) {}

void LogitsSink::end_of_elaboration() {
  ClockedModule::end_of_elaboration();
  wake_on(i_valid.value_changed_event());
}

void LogitsSink::reset() {
  logits_.clear();
  images_ = 0;
  o_ready.write(true);
}

void LogitsSink::on_clock() {
  if (!i_valid.read()) return sleep();
  const Beat& beat = i_data.read();
  logits_.insert(logits_.end(), beat.elements, beat.elements + beat.count);
  if (logits_.size() < classes_) return;
  received.write({images_, logits_});
  ++images_;
  logits_.clear();
}

}  // namespace cfc
