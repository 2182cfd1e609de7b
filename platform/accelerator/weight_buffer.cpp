#include "platform/accelerator/weight_buffer.h"

namespace cfc {

void WeightBuffer::begin(const WeightPlan& plan) {
  plan_ = plan;
  done_ = 0;
  used_ = 0;
  fetched_or_coming_ = 0;
  waiting_.clear();
  changed.notify(sc_core::SC_ZERO_TIME);
}

bool WeightBuffer::in_use() const { return used_ > 0 && done_ < used_ * plan_.period; }

bool WeightBuffer::wants_weights() const {
  if (plan_.period == 0 || fetched_or_coming_ == groups()) return false;
  const std::uint64_t occupied = fetched_or_coming_ - used_ + (in_use() ? 1 : 0);
  return occupied < static_cast<std::uint64_t>(banks_);
}

void WeightBuffer::advance() {
  if (waiting_.empty() || in_use()) return;
  on_use(waiting_.front());
  waiting_.pop_front();
  ++used_;
  changed.notify(sc_core::SC_ZERO_TIME);
}

std::optional<sc_core::sc_time> WeightBuffer::pass_time(std::uint64_t image,
                                                        const sc_core::sc_time& offered) const {
  if (image >= plan_.first_image + plan_.images) return {};
  if (plan_.period == 0) return offered;
  if ((image - plan_.first_image) / plan_.period + 1 == used_) return offered;
  return {};
}

void WeightBuffer::write(const OutputEvent& event) {
  if (event.first + event.count < outputs_) return;
  ++done_;
  on_done();
}

}  // namespace cfc
