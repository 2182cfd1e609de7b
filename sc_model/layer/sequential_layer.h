#pragma once

#include "sc_model/dcl/dimension_compression_layer.h"
#include "sc_model/layer/fully_connected_layer.h"

namespace cfc {

/// A factorised layer as two plain FC layers one after the other (sec. 3.2): z = U^T x into the z
/// memory, then y = V^T z. r + n operations. RTL twin: rtl_ref/layer/sequential_layer.v
class SequentialLayer : public FullyConnectedLayer {
 public:
  SequentialLayer(const sc_core::sc_module_name& name, const golden::Layer& layer,
                  const LayerConfiguration& configuration, int input_beat_width);

  void on_z(tlm::tlm_analysis_if<ZEvent>& listener) override { z_quantiser_.made(listener); }
  std::vector<std::pair<const char*, const Controller*>> engine_controls() const override {
    return {{"dcl_u", &u_engine_.state_control()}, {"dcl_v", &v_engine_.state_control()}};
  }

  std::vector<Probe> engine_probes() const override;

 private:
  void load_z(const golden::FactorisedWeights& weights) override { z_quantiser_.load(weights); }

  /// Writes z_k to the z memory.
  class ZStore : public sc_core::sc_module, public ResultSink {
   public:
    ZStore(const sc_core::sc_module_name& name, Memory<std::int32_t>& z) : sc_module(name), z_(z) {}
    void take(int operation, std::int32_t z) override {
      *z_.write(static_cast<std::size_t>(operation), 1) = z;
    }

   private:
    Memory<std::int32_t>& z_;
  };

  DimensionCompressionLayer<std::uint8_t> u_engine_;
  DimensionCompressionLayer<std::int32_t> v_engine_;
  ZQuantiser z_quantiser_;
  ZStore z_store_;
  sc_core::sc_signal<bool> z_made_{"z_made"};
  sc_core::sc_signal<bool> z_complete_{"z_complete"};
};

}  // namespace cfc
