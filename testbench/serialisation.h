#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "configuration/statistics.h"
#include "testbench/scoreboard.h"

namespace cfc {

/// One period of a stream in its steady state, to see whether two processes agree about it.
struct SteadyState {
  RunStatistics period;
  std::string states;

  friend bool operator==(const SteadyState& a, const SteadyState& b) {
    return a.period == b.period && a.states == b.states;
  }
};

/// What one process sends home.
struct ShareResult {
  Verdict verdict;
  RunStatistics statistics;
  SteadyState at_begin;
  SteadyState at_end;
  double seconds{};
  bool interrupted{};
};

// How results travel between processes; what users see is in results.h.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AccessCounters, words, elements, bits)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MemoryStatistics, reads, writes, peak_bits_per_cycle)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LayerStatistics, images, run_cycles, peak_bits_per_cycle,
                                   memories, controllers)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RunStatistics, images, cycles, layers)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Mismatches, z, activations, logits, classes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Verdict, images, labelled, correct, mismatches, examples)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SteadyState, period, states)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ShareResult, verdict, statistics, at_begin, at_end, seconds,
                                   interrupted)

}  // namespace cfc
