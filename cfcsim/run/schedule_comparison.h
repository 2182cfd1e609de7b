#pragma once

#include <string>

#include "configuration/configuration.h"
#include "golden/network.h"

namespace cfc {

/// What the timing model predicts for each factorised layer of a network in each of the three
/// schedules as configured: multipliers, operations, cycles in Run, bits read for an image, and the
/// most bits that its memories move in a cycle. Empty where no layer is factorised.
std::string schedule_comparison(const golden::Network& network, const Configuration& configuration);

}  // namespace cfc
