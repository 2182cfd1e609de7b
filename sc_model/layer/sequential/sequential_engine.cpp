#include "sc_model/layer/sequential/sequential_engine.h"

#include "sc_model/layer/engine/weight_layout.h"

namespace cfc {
namespace {

const golden::FactorisedWeights& weights_of(const golden::Layer& layer) {
  return std::get<golden::FactorisedWeights>(layer.weights);
}

}  // namespace

SequentialEngine::SequentialEngine(const sc_core::sc_module_name& name, const golden::Layer& layer,
                                   const LayerConfiguration& configuration, PeakMeter& peak)
    : Engine(name),
      u_bits_(weights_of(layer).u_bits),
      v_bits_(weights_of(layer).v_bits),
      z_bits_(weights_of(layer).z_bits),
      u_("u", by_columns(weights_of(layer).u), u_bits_, peak),
      v_("v", by_columns(weights_of(layer).v), v_bits_, peak),
      z_("z", static_cast<std::size_t>(*configuration.shape.r), z_bits_, peak),
      dcl_u_("dcl_u",
             {{configuration.shape.m, configuration.lanes_u},
              dot_product_plan(configuration, *configuration.shape.r, configuration.tiles_u()),
              u_}),
      dcl_v_("dcl_v",
             {{*configuration.shape.r, configuration.lanes_v},
              dot_product_plan(configuration, configuration.shape.n, configuration.tiles_z()),
              v_}),
      z_quantiser_("z_quantiser", weights_of(layer)) {
  clock(dcl_u_);
  dcl_u_.i_start(i_start);
  dcl_u_.i_ready(always_);
  dcl_u_.o_valid(z_made_);
  dcl_u_.o_done(z_complete_);
  dcl_u_.nodes(nodes);
  dcl_u_.results(z_quantiser_);
  z_quantiser_.destination(z_);

  clock(dcl_v_);
  dcl_v_.i_start(z_complete_);
  dcl_v_.i_ready(always_);
  dcl_v_.o_valid(o_result);
  dcl_v_.o_done(o_done);
  dcl_v_.nodes(z_);
  dcl_v_.results(*this);
}

void SequentialEngine::load(const golden::Layer& layer) {
  u_.load(by_columns(weights_of(layer).u));
  v_.load(by_columns(weights_of(layer).v));
  z_quantiser_.load(weights_of(layer));
}

Signals SequentialEngine::signals() const {
  Signals all;
  add_group(all, "U (DCL)", "dcl_u", dcl_u_.signals());
  add_group(all, "V (second pass)", "dcl_v", dcl_v_.signals());
  return all;
}

Signals SequentialEngine::lane_signals() const {
  Signals all;
  add_group(all, "U (DCL)", "dcl_u", dcl_u_.lane_signals(OperandBits::of_input(u_bits_)));
  add_group(all, "V (second pass)", "dcl_v",
            dcl_v_.lane_signals(OperandBits::of_z(z_bits_, v_bits_)));
  return all;
}

std::optional<RankSignals> SequentialEngine::rank_signals() const {
  return RankSignals{find_signal(dcl_u_.signals(), "dcl_scm.w_k"),
                     find_signal(dcl_u_.signals(), "dcl_scm.w_retire"),
                     dcl_u_.calculator().shape().tiles()};
}

}  // namespace cfc
