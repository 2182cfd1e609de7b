#include "testbench/rtl/rtl_twin.h"

#include "testbench/rtl/lockstep_design.h"

namespace cfc {

RtlTwin::RtlTwin(AcceleratorBench& bench, LinkBreaks& breaks, const golden::Network& network,
                 const std::vector<std::vector<std::string>>& names)
    : bench_(bench), breaks_(breaks) {
  const Configuration& configuration = bench.accelerator().configuration();
  rtl_ = load_rtl(lockstep_design(network, configuration, names));
  controls_.resize(2 + network.layers.size() + 1);
  data_.resize(static_cast<std::size_t>(configuration.input_link_width));
}

void RtlTwin::reset() {
  rtl_->set_inputs(false, controls_, data_);
  rtl_->clock();
}

void RtlTwin::drive() {
  const Link& image = bench_.accelerator().image_link();
  controls_[0] = image.valid.read() ? 1 : 0;
  controls_[1] = 1;  // the sink takes a beat in every cycle
  for (std::size_t link = 0; link < breaks_.size(); ++link) {
    controls_[2 + link] = breaks_[link].is_broken() ? 1 : 0;
  }
  const Beat& beat = image.data.read();
  for (int i = 0; i < beat.count; ++i) {
    data_[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(beat.elements[i]);
  }
  rtl_->set_inputs(true, controls_, data_);
}

}  // namespace cfc
