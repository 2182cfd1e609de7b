#pragma once

#include "sc_model/dcl/dimension_compression_layer.h"
#include "sc_model/layer/engine/engine.h"

namespace cfc {

/// A plain FC layer, FFNN_k in the paper (Fig. 6a): a DCL over W, one dot product over m an output.
/// n operations. RTL twin: rtl_ref/layer/dense/dense_engine.v
class DenseEngine : public Engine, public ResultSink {
 public:
  DenseEngine(const sc_core::sc_module_name& name, const golden::Layer& layer,
              const LayerConfiguration& configuration, PeakMeter& peak);

  const char* schedule_name() const override { return "dense"; }
  ResultOrder result_order() const override { return ResultOrder::one_by_one; }
  void load(const golden::Layer& layer) override;
  std::vector<NamedController> controllers() const override {
    return {{"dcl", &dcl_.state_control()}};
  }
  std::vector<MemoryMeter*> memories() override { return {&w_}; }
  Signals signals() const override;
  Signals lane_signals() const override;

 private:
  void take(int k, std::int32_t sum) override { results->take(k, &sum, 1); }

  const int w_bits_;
  Memory<std::int8_t> w_;  ///< by columns
  DimensionCompressionLayer<std::uint8_t> dcl_;
  sc_core::sc_signal<bool> always_{"always", true};
};

}  // namespace cfc
