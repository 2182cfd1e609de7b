#pragma once

#include "sc_model/dcl/dimension_compression_layer.h"
#include "sc_model/dil/dimension_increase_layer.h"
#include "sc_model/layer/fully_connected_layer.h"

namespace cfc {

/// The paper's compressed FC layer (Fig. 5, Fig. 6b): DCL makes z_k while DIL adds
/// z_{k-1} V[k-1,:] to all outputs. r + 1 operations. RTL twin: rtl_ref/layer/compressed_layer.v
class CompressedLayer : public FullyConnectedLayer {
 public:
  CompressedLayer(const sc_core::sc_module_name& name, const golden::Layer& layer,
                  const LayerConfiguration& configuration, int input_beat_width);

  std::vector<Probe> probes() const override;
  std::vector<Probe> engine_probes() const override;
  void on_z(tlm::tlm_analysis_if<ZEvent>& listener) override { z_quantiser_.made(listener); }
  std::vector<std::pair<const char*, const Controller*>> engine_controls() const override {
    return {{"dcl", &dcl_.state_control()}, {"dil", &dil_.state_control()}};
  }

 private:
  void load_z(const golden::FactorisedWeights& weights) override { z_quantiser_.load(weights); }

  /// Shows z_k to DIL while DCL offers it.
  class ZBus : public sc_core::sc_module, public ResultSink {
   public:
    sc_core::sc_out<std::int32_t> o_z{"o_z"};
    explicit ZBus(const sc_core::sc_module_name& name) : sc_module(name) {}
    void take(int /*operation*/, std::int32_t z) override { o_z.write(z); }
  };

  DimensionCompressionLayer<std::uint8_t> dcl_;
  DimensionIncreaseLayer dil_;
  ZQuantiser z_quantiser_;
  ZBus z_bus_{"z_bus"};
  sc_core::sc_signal<bool> z_valid_{"z_valid"};
  sc_core::sc_signal<bool> z_ready_{"z_ready"};
  sc_core::sc_signal<std::int32_t> z_{"z"};
  sc_core::sc_signal<bool> dcl_done_{"dcl_done"};
};

}  // namespace cfc
