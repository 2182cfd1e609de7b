#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cfcsim/compare/comparison.h"
#include "cfcsim/run/layer_metrics.h"

namespace cfc {

/// `silicon` of a schedule (docs/reference/results.md): what standard cells make of its machine;
/// null without any.
nlohmann::json silicon_json(const ScheduleRun& run);

/// The same for people; `unit` is that of the prices. No lines without standard cells.
std::vector<MetricLine> silicon_lines(const ScheduleRun& run, const std::string& unit);

}  // namespace cfc
