#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cfcsim/sweep/sweep_check.h"
#include "explore/sweep/sweep.h"

namespace cfc {

/// All that a sweep has to tell.
struct SweepReport {
  const explore::SweepPlan& plan;
  std::filesystem::path grid;
  std::filesystem::path database;
  explore::SweepSummary sweep{};
  double seconds{};                    ///< of computing and storing
  std::vector<std::string> metrics{};  ///< of the Pareto front
  std::vector<std::string> front{};    ///< digests
  CheckSummary check{};
};

// All of these read the points that the store was asked for (`SweepStore::ask`).

/// Digests of the points that no other one beats; those without one of the metrics stand aside.
std::vector<std::string> front_of(explore::SweepStore& store,
                                  const std::vector<std::string>& metrics);

/// A line a point, in a file that appears whole or not at all. Throws InputError.
void write_sweep_csv(explore::SweepStore& store, const SweepReport& report,
                     const std::filesystem::path& file);

/// The report with all points (docs/reference/sweep.md); "-" is standard output. Throws InputError.
void write_sweep_json(explore::SweepStore& store, const SweepReport& report,
                      const std::filesystem::path& file);

/// The report for people.
std::string sweep_text(explore::SweepStore& store, const SweepReport& report);

}  // namespace cfc
