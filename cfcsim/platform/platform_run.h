#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "explore/cost/energy_table.h"
#include "platform/system/platform.h"

namespace cfc {

/// A run of a platform, with its name in a table.
struct PlatformCase {
  std::string name;
  PlatformPlan plan;
};

/// Runs each case in a process of its own, two at a time, and returns the `runs` of the result
/// (docs/how-to/platform.md), in order; after an interrupt those that had ended. Throws
/// std::runtime_error where an accelerator failed.
std::vector<nlohmann::json> run_platforms(const std::vector<PlatformCase>& cases,
                                          const explore::EnergyTable& energy);

}  // namespace cfc
