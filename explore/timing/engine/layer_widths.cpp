#include "explore/timing/engine/layer_widths.h"

namespace cfc::explore {
namespace {

LayerWidths widths_of(const golden::Layer& layer) {
  const int output_bits = layer.requantisation ? kActivationBits : kSumBits;
  if (const auto* dense = std::get_if<golden::DenseWeights>(&layer.weights)) {
    return {dense->w_bits, 0, 0, 0, output_bits};
  }
  const auto& factors = std::get<golden::FactorisedWeights>(layer.weights);
  return {factors.u_bits, factors.u_bits, factors.v_bits, factors.z_bits, output_bits};
}

}  // namespace

std::vector<LayerWidths> widths_of(const golden::Network& network) {
  std::vector<LayerWidths> all;
  for (const golden::Layer& layer : network.layers) all.push_back(widths_of(layer));
  return all;
}

}  // namespace cfc::explore
