#pragma once

#include "sc_model/dcl/dcl_machine.h"
#include "sc_model/hardware/registered_out.h"
#include "sc_model/hardware/state_control.h"

namespace cfc {

/// What DCL-SCM makes its calculator do.
class TileCalculator : public virtual sc_core::sc_interface {
 public:
  /// The tile's operands stand at the memory ports in the cycle that begins.
  virtual void issue(int k, int tile) = 0;
  /// The oldest issued tile is added to the accumulator in the cycle that begins.
  virtual void retire(int tile) = 0;
  /// The sum that the accumulator has is the result k, which is offered in the cycle that begins.
  virtual void offer(int k) = 0;
};

/// DCL-SCM in SystemC: DclMachine, its ports and the calculator that it leads.
class DclStateControl : public StateControl<DclStateControl, DclMachine> {
 public:
  sc_core::sc_in<bool> i_start{"i_start"};
  sc_core::sc_in<bool> i_ready{"i_ready"};
  RegisteredOut<bool> o_valid{"o_valid"};  ///< a result is offered
  RegisteredOut<bool> o_done{"o_done"};    ///< it is the last one
  sc_core::sc_port<TileCalculator> calculator{"calculator"};

  DclStateControl(const sc_core::sc_module_name& name, const DotProductPlan& plan)
      : StateControl(name, DclMachine(plan)) {}

 private:
  friend StateControl<DclStateControl, DclMachine>;
  Inputs inputs() const { return {i_start.read(), i_ready.read()}; }
  void act(const Registers& q, const Registers& before, const Inputs& in);
  void drive(const Outputs& outputs);
};

}  // namespace cfc
