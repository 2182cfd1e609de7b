#pragma once

#include <memory>

#include "sc_model/dcl/dimension_compression_layer.h"
#include "sc_model/dil/dimension_increase_layer.h"
#include "sc_model/layer/engine/engine.h"

namespace cfc {

/// The paper's compressed FC layer (Fig. 5, Fig. 6b): DCL makes z_k while DIL adds
/// z_{k-1} V[k-1,:] to all outputs. r + 1 operations.
/// RTL twin: rtl_ref/layer/streaming/streaming_engine.v
class StreamingEngine : public Engine {
 public:
  StreamingEngine(const sc_core::sc_module_name& name, const golden::Layer& layer,
                  const LayerConfiguration& configuration, PeakMeter& peak);

  const char* schedule_name() const override { return "streaming"; }
  ResultOrder result_order() const override { return ResultOrder::all_at_once; }
  void load(const golden::Layer& layer) override;
  std::vector<NamedController> controllers() const override {
    return {{"dcl", &dcl_.state_control()}, {"dil", &dil_.state_control()}};
  }
  std::vector<MemoryMeter*> memories() override;
  Signals signals() const override;
  Signals lane_signals() const override;
  std::optional<RankSignals> rank_signals() const override;
  void on_z(tlm::tlm_analysis_if<ZEvent>& listener) override { z_quantiser_.made(listener); }

 private:
  /// Shows z_k to DIL while DCL offers it.
  class ZBus : public sc_core::sc_module, public ResultSink {
   public:
    sc_core::sc_out<std::int32_t> o_z{"o_z"};
    explicit ZBus(const sc_core::sc_module_name& name) : sc_module(name) {}
    void take(int /*k*/, std::int32_t z) override { o_z.write(z); }
  };

  const int u_bits_;
  const int v_bits_;
  const int z_bits_;
  Memory<std::int8_t> u_;                       ///< by columns
  Memory<std::int8_t> v_;                       ///< by rows
  std::unique_ptr<Memory<std::int32_t>> psum_;  ///< the running sums, unless registers hold them
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
