#pragma once

#include "cfcsim/compare/comparison.h"
#include "cfcsim/compare/scorecard.h"
#include "cfcsim/run/results.h"

namespace cfc {

/// All that a comparison came to.
struct Comparison {
  ComparisonTask task;
  Manifest manifest;
  std::optional<DataFile> dense_network;  ///< what the dense schedule computed
  ScheduleRuns as_configured;
  std::vector<std::uint64_t> budgets;  ///< by layer, bits a cycle
  ScheduleRuns equal_bandwidth;
  SynthesisReports reports;
};

/// `compare` for programs (docs/reference/results.md).
nlohmann::json compare_json(const Comparison& comparison);

/// `compare` for people.
std::string compare_text(const Comparison& comparison);

}  // namespace cfc
