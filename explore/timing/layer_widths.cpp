#include "explore/timing/layer_widths.h"

namespace cfc::explore {

std::vector<LayerWidths> widths_of(const golden::Network& network) {
  std::vector<LayerWidths> all;
  for (const golden::Layer& layer : network.layers) {
    LayerWidths widths;
    if (const auto* dense = std::get_if<golden::DenseWeights>(&layer.weights)) {
      widths.weights_bits = dense->w_bits;
    } else {
      const auto& factors = std::get<golden::FactorisedWeights>(layer.weights);
      widths.u_bits = factors.u_bits;
      widths.v_bits = factors.v_bits;
      widths.z_bits = factors.z_bits;
    }
    widths.output_bits = layer.activation_shift ? 8 : 32;
    all.push_back(widths);
  }
  return all;
}

}  // namespace cfc::explore
