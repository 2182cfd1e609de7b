#pragma once

#include "cfcsim/compare/comparison.h"
#include "cfcsim/compare/scorecard.h"
#include "cfcsim/run/results.h"

namespace cfc {

/// All that a comparison came to.
struct Comparison {
  const ComparisonTask& task;
  const ScheduleRuns& as_configured;
  std::vector<std::uint64_t> budgets;  ///< by layer, bits a cycle
  const ScheduleRuns& equal_bandwidth;
  const SynthesisReports& reports;
};

/// `compare` for programs (docs/reference/results.md).
nlohmann::json compare_json(const Comparison& comparison);

/// `compare` for people.
std::string compare_text(const Comparison& comparison);

}  // namespace cfc
