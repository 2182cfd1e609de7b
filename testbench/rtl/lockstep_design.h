#pragma once

#include <vector>

#include "configuration/configuration.h"
#include "golden/network.h"
#include "testbench/model_stepper.h"
#include "testbench/rtl/rtl_library.h"

namespace cfc {

/// The RTL of a configuration with everything to be compared brought out: slot by slot
/// `signals`. Controls, slot by slot: i_valid, i_ready, for each link whether it is broken. Data:
/// the image link's beat.
RtlDesign lockstep_design(const golden::Network& network, const Configuration& configuration,
                          const std::vector<LayerSignal>& signals);

}  // namespace cfc
