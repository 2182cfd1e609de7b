#include "sc_model/layer/fully_connected_layer.h"

#include <fmt/format.h>

#include "support/error.h"

namespace cfc {
namespace {

const golden::Layer& checked(const golden::Layer& layer, const LayerConfiguration& configuration) {
  const LayerShape& shape = configuration.shape;
  if (layer.inputs() != shape.m || layer.outputs() != shape.n) {
    throw InputError(fmt::format("layer {} is {} x {}, but its configuration is for {} x {}",
                                 layer.name, layer.inputs(), layer.outputs(), shape.m, shape.n));
  }
  if (layer.is_factorised() == (configuration.schedule == Schedule::dense)) {
    throw InputError(fmt::format("layer {} has {} weights, which the {} schedule cannot use",
                                 layer.name, layer.is_factorised() ? "factorised" : "dense",
                                 to_string(configuration.schedule)));
  }
  return layer;
}

LinkPlan link_plan(const LayerConfiguration& configuration, int input_beat_width) {
  return {LayerConfiguration::ceil_div(configuration.shape.m, input_beat_width),
          configuration.input_buffers, configuration.shape.n, configuration.output_beat_width()};
}

}  // namespace

FullyConnectedLayer::FullyConnectedLayer(const sc_core::sc_module_name& name,
                                         const golden::Layer& layer,
                                         const LayerConfiguration& configuration,
                                         int input_beat_width)
    : sc_module(name),
      configuration_(configuration),
      memories_(checked(layer, configuration), configuration),
      activation_("activation", layer, memories_.output),
      memory_control_("mcm", configuration_, memories_),
      state_control_("l_scm", link_plan(configuration_, input_beat_width), memories_.output) {
  clock(state_control_);
  state_control_.i_valid(i_valid);
  state_control_.o_ready(o_ready);
  state_control_.o_start(start_);
  state_control_.i_result(result_);
  state_control_.i_done(done_);
  state_control_.o_valid(o_valid);
  state_control_.i_ready(i_ready);
  state_control_.o_data(o_data);

  clock(memory_control_);
  memory_control_.i_valid(i_valid);
  memory_control_.i_ready(o_ready);
  memory_control_.i_data(i_data);
  memory_control_.i_done(done_);
}

void FullyConnectedLayer::load(const golden::Layer& layer) {
  const auto* factors =
      std::get_if<golden::FactorisedWeights>(&checked(layer, configuration_).weights);
  if (factors && factors->u.cols() != *configuration_.shape.r) {
    throw InputError(fmt::format("layer {} has rank {}, but its configuration {}", layer.name,
                                 factors->u.cols(), *configuration_.shape.r));
  }
  memories_.load_weights(layer, configuration_.schedule);
  activation_.load(layer);
  if (factors) load_z(*factors);
}

std::vector<Probe> FullyConnectedLayer::probes() const {
  std::vector<Probe> probes;
  auto controls = engine_controls();
  controls.insert(controls.begin(), {{"l_scm", &state_control_}, {"mcm", &memory_control_}});
  for (const auto& [name, control] : controls) {
    probes.push_back({std::string(name) + ".state", [c = control] { return c->state_code(); }, {}});
  }
  probes.push_back({"i_valid", [this] { return i_valid.read(); }, {}});
  probes.push_back({"o_ready", [this] { return o_ready.read(); }, {}});
  probes.push_back({"o_valid", [this] { return o_valid.read(); }, {}});
  probes.push_back({"i_ready", [this] { return i_ready.read(); }, {}});
  for (int i = 0; i < configuration_.output_beat_width(); ++i) {
    probes.push_back({"o_data[" + std::to_string(i) + ']',
                      [this, i] { return o_data.read().elements[i]; },
                      [this, i] { return o_valid.read() && i < o_data.read().count; }});
  }
  return probes;
}

LayerStatistics FullyConnectedLayer::statistics(const sc_core::sc_time& clock_period) const {
  LayerStatistics statistics;
  statistics.images = state_control_.images();
  statistics.run_cycles = state_control_.run_time().value() / clock_period.value();
  statistics.peak_bits_per_cycle = memories_.peak.peak_bits_per_cycle();
  for (const MemoryMeter* memory : memories_.all()) {
    statistics.memories[memory->basename()] = {memory->reads(), memory->writes(),
                                               memory->peak_bits_per_cycle()};
  }
  auto controls = engine_controls();
  controls.insert(controls.begin(), {{"l_scm", &state_control_}, {"mcm", &memory_control_}});
  for (const auto& [controller, block] : controls) {
    statistics.controllers[controller] = block->ledger();
  }
  return statistics;
}

}  // namespace cfc
