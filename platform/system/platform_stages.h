#pragma once

#include <string>
#include <vector>

#include "configuration/configuration.h"
#include "golden/network.h"

namespace cfc {

/// How several accelerators share the work.
enum class Parallelism {
  data,   ///< each has the whole network, images are dealt out
  model,  ///< each has some of the layers, images pass from one to the next
};

std::string to_string(Parallelism parallelism);

/// Consecutive layers of a network, and the machine that computes them.
struct PlatformStage {
  golden::Network network;
  Configuration configuration;
};

/// Cuts a network into `count` pieces such that the largest has as few bits of weights as can be.
/// Throws InputError where there are fewer layers than pieces.
std::vector<PlatformStage> cut_into_stages(const golden::Network& network,
                                           const Configuration& configuration, unsigned count);

}  // namespace cfc
