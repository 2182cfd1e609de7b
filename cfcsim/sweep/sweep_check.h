#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "explore/sweep/sweep_store.h"
#include "golden/network.h"

namespace cfc {

/// Which points `--simulate` runs in SystemC.
struct SimulationChoice {
  enum class Kind { none, all, share, front };
  Kind kind{Kind::none};
  double share{};  ///< share: of the points, decided by their digests
};

/// Reads the argument of `--simulate`: all, pareto, or a share from 0 to 1. Throws InputError.
SimulationChoice parse_simulation(const std::string& text);

/// The points of `digests`, of which those of `front` are the Pareto front, that are chosen.
std::vector<std::string> chosen(const SimulationChoice& choice,
                                const std::vector<std::string>& digests,
                                const std::vector<std::string>& front);

/// A network as the simulation needs it, and as the sweep knows it.
struct SimulatedNetwork {
  std::optional<golden::Network> network;  ///< none: a workload
  explore::NetworkFacts facts;
};

/// What a cross-check came to.
struct CheckSummary {
  std::uint64_t simulated{};             ///< points run now
  std::vector<std::string> differences;  ///< of all these points, with their configurations
  bool interrupted{};
};

/// Runs points in SystemC that have figures and were not found right before, `jobs` at a time, and
/// stores what they came to: whether cycles, accesses, ledgers and figures are those that the
/// timing model says and the database holds. `networks` is by SHA-256.
CheckSummary check_points(explore::SweepStore& store, const std::vector<std::string>& digests,
                          const std::map<std::string, SimulatedNetwork>& networks,
                          const explore::SweepSetting& setting, int jobs);

}  // namespace cfc
