#include "configuration/configuration.h"

namespace cfc {

std::vector<LayerShape> shapes_of(const golden::Network& network) {
  std::vector<LayerShape> shapes;
  for (const golden::Layer& layer : network.layers) {
    LayerShape shape{static_cast<int>(layer.inputs()), static_cast<int>(layer.outputs()), {}};
    if (const auto rank = layer.rank()) shape.r = static_cast<int>(*rank);
    shapes.push_back(shape);
  }
  return shapes;
}

std::string to_string(Schedule schedule) { return traits_of(schedule).name; }

std::string to_string(Issue issue) { return issue == Issue::overlapped ? "overlapped" : "stepped"; }

std::string to_string(PsumStorage storage) {
  return storage == PsumStorage::registers ? "registers" : "memory";
}

std::string to_string(ClockOrigin origin) {
  if (origin == ClockOrigin::configured) return "configured";
  return origin == ClockOrigin::synthesised ? "synthesised" : "fitted";
}

}  // namespace cfc
