#include "sc_model/layer/sequential_layer.h"

#include "sc_model/layer/engine_probes.h"

namespace cfc {

SequentialLayer::SequentialLayer(const sc_core::sc_module_name& name, const golden::Layer& layer,
                                 const LayerConfiguration& configuration, int input_beat_width)
    : FullyConnectedLayer(name, layer, configuration, input_beat_width),
      u_engine_("dcl_u", dot_product_plan(configuration_, *configuration_.shape.r,
                                          configuration_.tiles_u())),
      v_engine_("dcl_v",
                dot_product_plan(configuration_, configuration_.shape.n, configuration_.tiles_z())),
      z_quantiser_("z_quantiser", std::get<golden::FactorisedWeights>(layer.weights)),
      z_store_("z_store", *memories_.z) {
  clock(u_engine_);
  u_engine_.i_start(start_);
  u_engine_.i_ready(always_);
  u_engine_.o_valid(z_made_);
  u_engine_.o_done(z_complete_);
  u_engine_.operands(memory_control_);
  u_engine_.results(z_quantiser_);
  z_quantiser_.destination(z_store_);

  clock(v_engine_);
  v_engine_.i_start(z_complete_);
  v_engine_.i_ready(always_);
  v_engine_.o_valid(result_);
  v_engine_.o_done(done_);
  v_engine_.operands(memory_control_);
  v_engine_.results(activation_);
}

std::vector<Probe> SequentialLayer::engine_probes() const {
  std::vector<Probe> probes = cfc::engine_probes("dcl_u", u_engine_, configuration_,
                                                 configuration_.lanes_u, configuration_.tiles_u());
  const std::vector<Probe> second = cfc::engine_probes(
      "dcl_v", v_engine_, configuration_, configuration_.lanes_v, configuration_.tiles_z());
  probes.insert(probes.end(), second.begin(), second.end());
  return probes;
}

}  // namespace cfc
