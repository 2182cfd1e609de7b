#include "sc_model/layer/dense/dense_engine.h"

#include "sc_model/layer/engine/weight_layout.h"

namespace cfc {
namespace {

const golden::DenseWeights& weights_of(const golden::Layer& layer) {
  return std::get<golden::DenseWeights>(layer.weights);
}

}  // namespace

DenseEngine::DenseEngine(const sc_core::sc_module_name& name, const golden::Layer& layer,
                         const LayerConfiguration& configuration, PeakMeter& peak)
    : Engine(name),
      w_bits_(weights_of(layer).w_bits),
      w_("w", by_columns(weights_of(layer).w), w_bits_, peak),
      dcl_("dcl", {{configuration.shape.m, configuration.lanes_u},
                   dot_product_plan(configuration, configuration.shape.n, configuration.tiles_u()),
                   w_}) {
  clock(dcl_);
  dcl_.i_start(i_start);
  dcl_.i_ready(always_);
  dcl_.o_valid(o_result);
  dcl_.o_done(o_done);
  dcl_.nodes(nodes);
  dcl_.results(*this);
}

void DenseEngine::load(const golden::Layer& layer) { w_.load(by_columns(weights_of(layer).w)); }

Signals DenseEngine::signals() const {
  Signals all;
  add_group(all, "W (DCL)", "dcl", dcl_.signals());
  return all;
}

Signals DenseEngine::lane_signals() const {
  Signals all;
  add_group(all, "W (DCL)", "dcl", dcl_.lane_signals(OperandBits::of_input(w_bits_)));
  return all;
}

}  // namespace cfc
