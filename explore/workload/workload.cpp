#include "explore/workload/workload.h"

#include <algorithm>

namespace cfc::explore {
namespace {

bool continues(const WorkloadLayer& layer, const WorkloadLayer& before) {
  const bool is_fed =
      layer.shape.m == before.shape.n && before.widths.output_bits == kActivationBits;
  return is_fed && layer.vectors == before.vectors && layer.repeat == before.repeat;
}

}  // namespace

std::vector<LayerShape> Workload::shapes() const {
  std::vector<LayerShape> all;
  for (const WorkloadLayer& layer : layers) all.push_back(layer.shape);
  return all;
}

std::vector<LayerWidths> Workload::widths() const {
  std::vector<LayerWidths> all;
  for (const WorkloadLayer& layer : layers) all.push_back(layer.widths);
  return all;
}

std::vector<Chain> Workload::chains() const {
  std::vector<Chain> all;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const WorkloadLayer& layer = layers[i];
    if (i == 0 || !continues(layer, layers[i - 1])) {
      all.push_back({i, {}, layer.vectors, layer.repeat});
    }
    all.back().widths.push_back(layer.widths);
  }
  return all;
}

Configuration resolve(const Settings& settings, const Workload& workload) {
  Configuration machine = cfc::resolve(settings, workload.shapes());
  const Width asked =
      settings.input_link_width.value_or(settings.defaults.link_width.value_or(Width{}));
  if (asked.elements) return machine;
  for (const Chain& chain : workload.chains()) {
    machine.input_link_width =
        std::max(machine.input_link_width, workload.layers[chain.first].shape.m);
  }
  return machine;
}

Workload workload_of(const golden::Network& network) {
  Workload workload;
  const std::vector<LayerShape> shapes = shapes_of(network);
  const std::vector<LayerWidths> widths = widths_of(network);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const auto& requantisation = network.layers[i].requantisation;
    workload.layers.push_back({network.layers[i].name, shapes[i], widths[i]});
    if (requantisation && !requantisation->is_plain()) {
      workload.layers.back().requantisation_bits = requantisation->multiplier_bits();
    }
  }
  return workload;
}

}  // namespace cfc::explore
