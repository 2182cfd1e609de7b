#include "testbench/accelerator_bench.h"

namespace cfc {

AcceleratorBench::AcceleratorBench(const sc_core::sc_module_name& name,
                                   const golden::Network& network,
                                   const Configuration& configuration,
                                   const golden::MatrixU8& images, golden::Index begin,
                                   golden::Index end, LinkTap* tap)
    : sc_module(name),
      period_(configuration.clock_period_ns, sc_core::SC_NS),
      images_in_stream_(static_cast<std::uint64_t>(end - begin)),
      // The first edge comes half a period late: between two calls of `run`, time lies between
      // edges.
      clock_("clock", period_, 0.5 * period_),
      accelerator_("accelerator", network, configuration, tap),
      source_("source", images, begin, end, configuration.input_link_width),
      sink_("sink", static_cast<int>(network.outputs())) {
  accelerator_.i_clk(clock_);
  accelerator_.i_rst_n(rst_n_);

  source_.i_clk(clock_);
  source_.i_rst_n(rst_n_);
  source_.o_valid(accelerator_.image_link().valid);
  source_.i_ready(accelerator_.image_link().ready);
  source_.o_data(accelerator_.image_link().data);

  sink_.i_clk(clock_);
  sink_.i_rst_n(rst_n_);
  sink_.i_valid(accelerator_.logits_link().valid);
  sink_.o_ready(accelerator_.logits_link().ready);
  sink_.i_data(accelerator_.logits_link().data);
  sink_.received(*this);

  SC_METHOD(record);
  sensitive << record_event_;
  dont_initialize();
}

void AcceleratorBench::reset() {
  rst_n_.write(false);
  sc_core::sc_start(period_);
  rst_n_.write(true);
  start_ = sc_core::sc_time_stamp();
}

void AcceleratorBench::run(std::uint64_t cycles) {
  sc_core::sc_start(static_cast<double>(cycles) * period_);
}

std::uint64_t AcceleratorBench::cycles() const {
  return cycle_at(sc_core::sc_time_stamp().value());
}

std::uint64_t AcceleratorBench::cycle_at(std::uint64_t time) const {
  // The edge that closes the first cycle comes one and a half periods after the reset.
  const std::uint64_t elapsed = time - start_.value();
  return elapsed < period_.value() ? 0 : (elapsed - period_.value() / 2) / period_.value();
}

RunStatistics AcceleratorBench::statistics() const {
  RunStatistics statistics;
  statistics.images = sink_.images();
  statistics.cycles = cycles();
  for (const auto& layer : accelerator_.layers()) {
    statistics.layers.push_back(layer->statistics(period_));
  }
  return statistics;
}

void AcceleratorBench::write(const LogitsEvent& event) {
  // In the middle of the cycle, when every block has seen the edge.
  if (wanted_.count(event.image + 1) > 0) record_event_.notify(0.25 * period_);
}

void AcceleratorBench::record() {
  recorded_[sink_.images()] = statistics();
  states_[sink_.images()] = states();
}

std::string AcceleratorBench::states() const {
  std::string text;
  for (const auto& layer : accelerator_.layers()) {
    for (const auto& [name, controller] : layer->controllers()) {
      text += controller->state_name();
      text += ' ';
    }
  }
  return text;
}

}  // namespace cfc
