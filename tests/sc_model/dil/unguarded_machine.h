#pragma once

#include "sc_model/dil/dil_machine.h"

namespace cfc::testing {

/// Takes an operand in every cycle: the hazard.
struct UnguardedMachine : DilMachine {
  using DilMachine::DilMachine;
  Outputs outputs(const Registers& q) const { return {true, DilMachine::outputs(q).done}; }
  Registers next(const Registers& q, const Inputs& in) const {
    Registers d = DilMachine::next(q, in);
    if (in.valid) d.operand = in.z;
    return d;
  }
};

}  // namespace cfc::testing
