#include "testbench/rtl/rtl_stepper.h"

#include <algorithm>

#include "testbench/rtl/lockstep_design.h"

namespace cfc {

RtlStepper::RtlStepper(AcceleratorBench& bench, LinkBreaks& breaks, const golden::Network& network,
                       const std::vector<LayerSignal>& signals)
    : bench_(bench), breaks_(breaks) {
  const Configuration& configuration = bench.accelerator().configuration();
  rtl_ = load_rtl(lockstep_design(network, configuration, signals));
  controls_.resize(2 + network.layers.size() + 1);
  data_.resize(static_cast<std::size_t>(configuration.input_link_width));
}

void RtlStepper::reset() {
  rtl_->set_inputs(false, controls_, data_);
  rtl_->clock();
}

void RtlStepper::settle() {
  const Link& image = bench_.accelerator().image_link();
  controls_[0] = image.valid.read() ? 1 : 0;
  controls_[1] = 1;  // the sink takes a beat in every cycle
  for (std::size_t link = 0; link < breaks_.size(); ++link) {
    controls_[2 + link] = breaks_[link].is_broken() ? 1 : 0;
  }
  const Beat& beat = image.data.read();
  std::copy_n(beat.bytes(), beat.count, data_.begin());
  rtl_->set_inputs(true, controls_, data_);
}

}  // namespace cfc
