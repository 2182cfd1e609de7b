#pragma once

#include <filesystem>
#include <map>

#include <nlohmann/json.hpp>

#include "cfcsim/compare/comparison.h"

namespace cfc {

/// What `scripts/synth` printed, the sums over all blocks.
struct SynthesisReport {
  std::string file;
  std::uint64_t cells{};
  std::uint64_t multipliers{};
  std::uint64_t registers{};
  std::uint64_t block_rams{};
  std::uint64_t memory_bits{};
};

/// Throws InputError, naming the file, on anything but a table of `scripts/synth`.
SynthesisReport read_synthesis_report(const std::filesystem::path& file);

using SynthesisReports = std::map<Schedule, SynthesisReport>;

/// The seven metrics of a schedule (docs/reference/figures.md, "Scorecard"): a list of objects with
/// `metric`, `obtained` (how) and figures with their units in their names.
nlohmann::json scorecard(const ScheduleRun& run, const SynthesisReports& reports);

}  // namespace cfc
