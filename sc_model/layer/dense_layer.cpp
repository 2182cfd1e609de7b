#include "sc_model/layer/dense_layer.h"

#include "sc_model/layer/engine_probes.h"

namespace cfc {

DenseLayer::DenseLayer(const sc_core::sc_module_name& name, const golden::Layer& layer,
                       const LayerConfiguration& configuration, int input_beat_width)
    : FullyConnectedLayer(name, layer, configuration, input_beat_width),
      engine_("dcl",
              dot_product_plan(configuration_, configuration_.shape.n, configuration_.tiles_u())) {
  clock(engine_);
  engine_.i_start(start_);
  engine_.i_ready(always_);
  engine_.o_valid(result_);
  engine_.o_done(done_);
  engine_.operands(memory_control_);
  engine_.results(activation_);
}

std::vector<Probe> DenseLayer::engine_probes() const {
  return cfc::engine_probes("dcl", engine_, configuration_, configuration_.lanes_u,
                            configuration_.tiles_u());
}

}  // namespace cfc
