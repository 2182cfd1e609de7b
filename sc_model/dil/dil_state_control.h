#pragma once

#include <cstdint>

#include "sc_model/dil/dil_machine.h"
#include "sc_model/hardware/registered_out.h"
#include "sc_model/hardware/state_control.h"

namespace cfc {

/// What DIL-SCM makes V-MC do.
class RowCalculator : public virtual sc_core::sc_interface {
 public:
  /// The operand register takes z_k: what is issued from now on is multiplied with it.
  virtual void load_operand(std::int32_t z) = 0;
  /// Tile `tile` of row k of V stands at the memory port in the cycle that begins.
  virtual void issue(int k, int tile) = 0;
  /// The multiplier pipeline moves on: the oldest products reach the running sums in the cycle
  /// that begins. Called in every cycle in which products move, after `issue`.
  virtual void advance() = 0;
};

/// DIL-SCM in SystemC: DilMachine, its ports and the calculator that it leads.
class DilStateControl : public StateControl<DilStateControl, DilMachine> {
 public:
  sc_core::sc_in<bool> i_valid{"i_valid"};
  sc_core::sc_in<std::int32_t> i_z{"i_z"};
  RegisteredOut<bool> o_ready{"o_ready"};
  RegisteredOut<bool> o_done{"o_done"};
  sc_core::sc_port<RowCalculator> calculator{"calculator"};

  DilStateControl(const sc_core::sc_module_name& name, const RowPlan& plan)
      : StateControl(name, DilMachine(plan)) {}

 private:
  friend StateControl<DilStateControl, DilMachine>;
  Inputs inputs() const { return {i_valid.read(), i_z.read()}; }
  void act(const Registers& q, const Registers& before, const Inputs& in);
  void drive(const Outputs& outputs);
};

}  // namespace cfc
