#pragma once

#include <cstdint>

#include "sc_model/dil/dil_signals.h"
#include "sc_model/dil/dil_state_control.h"
#include "sc_model/dil/v_matrix_calculator.h"

namespace cfc {

/// DIL: V-MC and its controller (Fig. 5). Adds z_k V[k,:] to all n running sums, one k an
/// operation. RTL twin: rtl_ref/dil/dimension_increase_layer.v
class DimensionIncreaseLayer : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> i_clk{"i_clk"};
  sc_core::sc_in<bool> i_rst_n{"i_rst_n"};
  sc_core::sc_in<bool> i_valid{"i_valid"};
  sc_core::sc_in<std::int32_t> i_z{"i_z"};
  sc_core::sc_out<bool> o_ready{"o_ready"};
  sc_core::sc_out<bool> o_done{"o_done"};
  sc_core::sc_port<SumSink> results{"results"};

  DimensionIncreaseLayer(const sc_core::sc_module_name& name, const RowEngine& engine)
      : sc_module(name), state_control_("dil_scm", engine.plan), calculator_("v_mc", engine) {
    state_control_.i_clk(i_clk);
    state_control_.i_rst_n(i_rst_n);
    state_control_.i_valid(i_valid);
    state_control_.i_z(i_z);
    state_control_.o_ready(o_ready);
    state_control_.o_done(o_done);
    state_control_.calculator(calculator_);
    calculator_.results(results);
  }

  const DilStateControl& state_control() const { return state_control_; }
  const VMatrixCalculator& calculator() const { return calculator_; }

  Signals signals() const { return dil_signals(state_control_, calculator_); }
  Signals lane_signals(int z_bits, int wegt_bits) const {
    return dil_lane_signals(state_control_, calculator_, z_bits, wegt_bits);
  }

 private:
  DilStateControl state_control_;
  VMatrixCalculator calculator_;
};

}  // namespace cfc
