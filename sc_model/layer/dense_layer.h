#pragma once

#include "sc_model/dcl/dimension_compression_layer.h"
#include "sc_model/layer/fully_connected_layer.h"

namespace cfc {

/// A plain FC layer, FFNN_k in the paper (Fig. 6a): one dot product over m per output.
/// RTL twin: rtl_ref/layer/dense_layer.v
class DenseLayer : public FullyConnectedLayer {
 public:
  DenseLayer(const sc_core::sc_module_name& name, const golden::Layer& layer,
             const LayerConfiguration& configuration, int input_beat_width);

  std::vector<std::pair<const char*, const Controller*>> engine_controls() const override {
    return {{"dcl", &engine_.state_control()}};
  }
  std::vector<Probe> engine_probes() const override;

 private:
  DimensionCompressionLayer<std::uint8_t> engine_;
};

}  // namespace cfc
