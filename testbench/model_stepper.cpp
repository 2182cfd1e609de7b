#include "testbench/model_stepper.h"

namespace cfc {

void ModelStepper::settle() {
  while (sc_core::sc_pending_activity_at_current_time()) {
    sc_core::sc_start(sc_core::SC_ZERO_TIME);  // one delta cycle
  }
}

void ModelStepper::observe(std::vector<std::int32_t>& values) {
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const Signal& signal = signals_[i].signal;
    is_meaningful_[i] = !signal.is_meaningful || signal.is_meaningful();
    if (is_meaningful_[i]) values[i] = signal.value();
  }
}

}  // namespace cfc
