#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "configuration/configuration.h"
#include "golden/network.h"

namespace cfc {

/// Cycles `first` to `last`, both included, in which a controller was in one state.
struct StateSpan {
  std::string layer;
  std::string controller;  ///< by the ledger's name: l_scm, mcm, dcl, dil, dcl_u, dcl_v
  std::string state;       ///< by the paper's name
  std::uint64_t first{};
  std::uint64_t last{};
};

/// The states of all controllers while one image (a row of `image`) goes through the SystemC model,
/// in a process of its own, controller after controller. Cycle 0 is the one in which the first beat
/// is offered.
std::vector<StateSpan> state_timeline(const golden::Network& network,
                                      const Configuration& configuration,
                                      const golden::MatrixU8& image);

}  // namespace cfc
