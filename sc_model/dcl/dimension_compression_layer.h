#pragma once

#include "sc_model/dcl/dcl_signals.h"
#include "sc_model/dcl/dcl_state_control.h"
#include "sc_model/dcl/u_matrix_calculator.h"

namespace cfc {

/// What is built of a dot-product engine.
struct DotProductEngine {
  DotProductShape shape;
  DotProductPlan plan;
  Memory<std::int8_t>& weights;  ///< of each operation one after the other
};

/// DCL, the dot-product engine: U-MC and its controller (Fig. 5). Makes z_k = U[:,k] . x, one k an
/// operation. RTL twin: rtl_ref/dcl/dimension_compression_layer.v
template <typename Node>
class DimensionCompressionLayer : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> i_clk{"i_clk"};
  sc_core::sc_in<bool> i_rst_n{"i_rst_n"};
  sc_core::sc_in<bool> i_start{"i_start"};
  sc_core::sc_in<bool> i_ready{"i_ready"};
  sc_core::sc_out<bool> o_valid{"o_valid"};
  sc_core::sc_out<bool> o_done{"o_done"};
  sc_core::sc_port<NodeSource<Node>> nodes{"nodes"};
  sc_core::sc_port<ResultSink> results{"results"};

  DimensionCompressionLayer(const sc_core::sc_module_name& name, const DotProductEngine& engine)
      : sc_module(name),
        state_control_("dcl_scm", engine.plan),
        calculator_("u_mc", engine.shape, engine.weights, stages(engine.plan)) {
    state_control_.i_clk(i_clk);
    state_control_.i_rst_n(i_rst_n);
    state_control_.i_start(i_start);
    state_control_.i_ready(i_ready);
    state_control_.o_valid(o_valid);
    state_control_.o_done(o_done);
    state_control_.calculator(calculator_);
    calculator_.nodes(nodes);
    calculator_.results(results);
  }

  const DclStateControl& state_control() const { return state_control_; }
  const UMatrixCalculator<Node>& calculator() const { return calculator_; }

  Signals signals() const { return dcl_signals(state_control_, calculator_); }
  Signals lane_signals(const OperandBits& bits) const {
    return dcl_lane_signals(state_control_, calculator_, bits);
  }

 private:
  static int stages(const DotProductPlan& plan) {
    return 1 + plan.read_latency + plan.multiply_latency + plan.adder_latency;
  }

  DclStateControl state_control_;
  UMatrixCalculator<Node> calculator_;
};

}  // namespace cfc
