#include "sc_model/layer/compressed_layer.h"

#include "sc_model/layer/engine_probes.h"

namespace cfc {

CompressedLayer::CompressedLayer(const sc_core::sc_module_name& name, const golden::Layer& layer,
                                 const LayerConfiguration& configuration, int input_beat_width)
    : FullyConnectedLayer(name, layer, configuration, input_beat_width),
      dcl_("dcl",
           dot_product_plan(configuration_, *configuration_.shape.r, configuration_.tiles_u())),
      dil_("dil",
           {*configuration_.shape.r, configuration_.tiles_v(), configuration_.multiply_latency},
           configuration_.shape.n, memories_.psum.get()),
      z_quantiser_("z_quantiser", std::get<golden::FactorisedWeights>(layer.weights)) {
  clock(dcl_);
  dcl_.i_start(start_);
  dcl_.i_ready(z_ready_);
  dcl_.o_valid(z_valid_);
  dcl_.o_done(dcl_done_);
  dcl_.operands(memory_control_);
  dcl_.results(z_quantiser_);
  z_quantiser_.destination(z_bus_);
  z_bus_.o_z(z_);

  clock(dil_);
  dil_.i_valid(z_valid_);
  dil_.i_z(z_);
  dil_.o_ready(z_ready_);
  dil_.o_done(done_);
  dil_.operands(memory_control_);
  dil_.results(activation_);
}

std::vector<Probe> CompressedLayer::probes() const {
  std::vector<Probe> probes = FullyConnectedLayer::probes();
  probes.push_back({"z_valid", [this] { return z_valid_.read(); }, {}});
  probes.push_back({"z_ready", [this] { return z_ready_.read(); }, {}});
  probes.push_back({"z", [this] { return z_.read(); }, [this] { return z_valid_.read(); }});
  const VMatrixCalculator& v_mc = dil_.calculator();
  for (int lane = 0; lane < configuration_.lanes_v; ++lane) {
    probes.push_back({"dil.result[" + std::to_string(lane) + ']',
                      [&v_mc, lane] { return v_mc.running_sum(v_mc.retired().first + lane); },
                      [&v_mc, lane] { return lane < v_mc.retired().count; }});
  }
  return probes;
}

std::vector<Probe> CompressedLayer::engine_probes() const {
  std::vector<Probe> probes = cfc::engine_probes("dcl", dcl_, configuration_,
                                                 configuration_.lanes_u, configuration_.tiles_u());
  const std::vector<Probe> dil = cfc::engine_probes(dil_, configuration_.lanes_v);
  probes.insert(probes.end(), dil.begin(), dil.end());
  return probes;
}

}  // namespace cfc
