#include "testbench/logits_sink.h"

namespace cfc {

LogitsSink::LogitsSink(const sc_core::sc_module_name& name, int classes)
    : ClockedModule(name), classes_(static_cast<std::size_t>(classes)) {}

void LogitsSink::reset() {
  logits_.clear();
  images_ = 0;
  o_ready.write(true);
}

void LogitsSink::on_clock() {
  if (!i_valid.read()) return sleep();
  const Beat& beat = i_data.read();
  for (int i = 0; i < beat.count; ++i) logits_.push_back(beat[i]);
  if (logits_.size() < classes_) return;
  received.write({images_, logits_});
  ++images_;
  logits_.clear();
}

}  // namespace cfc
