#pragma once

#include "sc_model/dcl/dimension_compression_layer.h"
#include "sc_model/layer/engine/engine.h"
#include "sc_model/layer/sequential/z_memory.h"

namespace cfc {

/// A factorised layer as two plain FC layers one after the other (sec. 3.2): a DCL makes z = U^T x
/// into the z memory, then a second one y = V^T z. r + n operations.
/// RTL twin: rtl_ref/layer/sequential/sequential_engine.v
class SequentialEngine : public Engine, public ResultSink {
 public:
  SequentialEngine(const sc_core::sc_module_name& name, const golden::Layer& layer,
                   const LayerConfiguration& configuration, PeakMeter& peak);

  const char* schedule_name() const override { return "sequential"; }
  ResultOrder result_order() const override { return ResultOrder::one_by_one; }
  void load(const golden::Layer& layer) override;
  std::vector<NamedController> controllers() const override {
    return {{"dcl_u", &dcl_u_.state_control()}, {"dcl_v", &dcl_v_.state_control()}};
  }
  std::vector<MemoryMeter*> memories() override { return {&u_, &v_, &z_}; }
  Signals signals() const override;
  Signals lane_signals() const override;
  std::optional<RankSignals> rank_signals() const override;
  void on_z(tlm::tlm_analysis_if<ZEvent>& listener) override { z_quantiser_.made(listener); }

 private:
  void take(int k, std::int32_t sum) override { results->take(k, &sum, 1); }

  const int u_bits_;
  const int v_bits_;
  const int z_bits_;
  Memory<std::int8_t> u_;  ///< by columns
  Memory<std::int8_t> v_;  ///< by columns
  ZMemory z_;
  DimensionCompressionLayer<std::uint8_t> dcl_u_;
  DimensionCompressionLayer<std::int32_t> dcl_v_;
  ZQuantiser z_quantiser_;
  sc_core::sc_signal<bool> z_made_{"z_made"};
  sc_core::sc_signal<bool> z_complete_{"z_complete"};
  sc_core::sc_signal<bool> always_{"always", true};
};

}  // namespace cfc
