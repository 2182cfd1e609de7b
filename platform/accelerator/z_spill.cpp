#include "platform/accelerator/z_spill.h"

#include <cstring>

#include "platform/accelerator/network_image.h"

namespace cfc {

bool can_spill_z(const LayerConfiguration& layer) { return layer.schedule == Schedule::sequential; }

ZSpill::ZSpill(int rank, int z_bits, const sc_core::sc_time& clock_period)
    : element_bytes_(z_bits <= 8    ? 1
                     : z_bits <= 16 ? 2
                                    : 4),
      clock_period_(clock_period),
      z_(static_cast<std::size_t>(rank)) {}

std::uint64_t ZSpill::bytes() const {
  return NetworkImage::aligned(z_.size() * static_cast<std::size_t>(element_bytes_));
}

void ZSpill::clear() {
  to_send_ = false;
  made_ = 0;
  returned_ = 0;
}

void ZSpill::enable(bool spill) {
  enabled_ = spill;
  changed.notify(sc_core::SC_ZERO_TIME);
}

void ZSpill::write(const ZEvent& event) {
  z_[static_cast<std::size_t>(event.k)] = event.z;
  if (static_cast<std::size_t>(event.k) + 1 < z_.size()) return;
  ++made_;
  if (!enabled_) {
    returned_ = made_;
    return;
  }
  // It is in the z memory at the edge that closes this cycle.
  made_at_ = sc_core::sc_time_stamp() + clock_period_;
  to_send_ = true;
  on_made();
}

std::optional<std::vector<std::uint8_t>> ZSpill::take() {
  if (!to_send_) return {};
  to_send_ = false;
  sent_.assign(bytes(), 0);
  for (std::size_t k = 0; k < z_.size(); ++k) {
    const auto size = static_cast<std::size_t>(element_bytes_);
    std::memcpy(sent_.data() + k * size, &z_[k], size);
  }
  return sent_;
}

bool ZSpill::returned(const std::vector<std::uint8_t>& bytes, const sc_core::sc_time& when) {
  if (bytes != sent_) return false;
  returned_ = made_;
  round_trip_ = when > made_at_ ? when - made_at_ : sc_core::SC_ZERO_TIME;
  changed.notify(sc_core::SC_ZERO_TIME);
  return true;
}

std::optional<sc_core::sc_time> ZSpill::pass_time(std::uint64_t image,
                                                  const sc_core::sc_time& offered) const {
  if (!enabled_) return offered;
  if (returned_ <= image) return {};
  return offered + round_trip_;
}

}  // namespace cfc
