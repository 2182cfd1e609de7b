#include "platform/accelerator/result_collector.h"

#include <utility>

namespace cfc {

ResultCollector::ResultCollector(const sc_core::sc_module_name& name, int results, int places)
    : ClockedModule(name), results_per_image_(static_cast<std::size_t>(results)), places_(places) {}

void ResultCollector::end_of_elaboration() {
  ClockedModule::end_of_elaboration();
  wake_on(released_);
}

void ResultCollector::release() {
  --held_;
  released_.notify(sc_core::SC_ZERO_TIME);
}

void ResultCollector::reset() {
  results_.clear();
  held_ = 0;
  ready_ = true;
  o_ready.write(true);
}

void ResultCollector::on_clock() {
  const bool received = ready_ && i_valid.read();
  if (received) take(i_data.read());
  const bool was_ready = ready_;
  ready_ = held_ < places_;
  o_ready.write(ready_);
  if (!received && ready_ == was_ready) sleep();
}

void ResultCollector::take(const Beat& beat) {
  for (int i = 0; i < beat.count; ++i) results_.push_back(beat[i]);
  if (results_.size() < results_per_image_) return;
  ++held_;
  on_result(std::exchange(results_, {}));
}

}  // namespace cfc
