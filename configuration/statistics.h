#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "configuration/access_counters.h"

namespace cfc {

/// What one memory did in a run.
struct MemoryStatistics {
  AccessCounters reads;
  AccessCounters writes;
  std::uint64_t peak_bits_per_cycle{};
};

bool operator==(const MemoryStatistics& a, const MemoryStatistics& b);

/// Where the cycles of one controller went, by the names of docs/reference/timing.md ("run",
/// "wait_dil", ...). They sum to the cycles of the run; a name with no cycle is left out.
using Ledger = std::map<std::string, std::uint64_t>;

/// What one layer did in a run.
struct LayerStatistics {
  std::uint64_t images{};                            ///< images whose Run has ended
  std::uint64_t run_cycles{};                        ///< cycles that they spent in Run
  std::uint64_t peak_bits_per_cycle{};               ///< over all its memories together
  std::map<std::string, MemoryStatistics> memories;  ///< by name: input, u, v, w, z, psum, output
  std::map<std::string, Ledger> controllers;  ///< by name: l_scm, mcm, dcl, dil, dcl_u, dcl_v
};

/// What the accelerator did from the cycle in which the first beat was offered to the cycle in
/// which the last beat of the last image left, both included. The SystemC model measures it, the
/// timing model computes it.
struct RunStatistics {
  std::uint64_t images{};
  std::uint64_t cycles{};
  std::vector<LayerStatistics> layers;
};

/// Runs of consecutive parts of one stream of images: counts add up, the higher peak stays.
RunStatistics& operator+=(RunStatistics& sum, const RunStatistics& part);

/// `whole` without its beginning `part`. The peak stays.
RunStatistics& operator-=(RunStatistics& whole, const RunStatistics& part);

bool operator==(const LayerStatistics& a, const LayerStatistics& b);
bool operator==(const RunStatistics& a, const RunStatistics& b);

}  // namespace cfc
