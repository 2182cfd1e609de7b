#pragma once

#include "sc_model/dil/dil_state_control.h"
#include "sc_model/dil/v_matrix_calculator.h"
#include "sc_model/hardware/signal.h"

// What can be seen of DIL, by the names of the paper's Fig. 15. Costs nothing until a signal is
// read.

namespace cfc {

/// The state, in Run the tile that is multiplied (operation `w_k`, number `w_tile`), whether
/// products reach the running sums, and lane by lane `result`, the sums with them.
Signals dil_signals(const DilStateControl& control, const VMatrixCalculator& calculator);

/// The operand `i_node` in Run, and lane by lane `i_wegt`, and `w_mult` where it
/// leaves the multipliers.
Signals dil_lane_signals(const DilStateControl& control, const VMatrixCalculator& calculator,
                         int z_bits, int wegt_bits);

}  // namespace cfc
