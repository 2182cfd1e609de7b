#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "cfcsim/run/run_subject.h"
#include "explore/cost/energy.h"
#include "testbench/state_timeline.h"
#include "testbench/stream_run.h"

namespace cfc {

/// One schedule's machine, and what it did.
struct ScheduleRun {
  Schedule schedule{};
  Configuration configuration;
  std::vector<explore::LayerWidths> widths;
  RunStatistics statistics;
  /// The simulation; nothing where the timing model alone speaks, because the values of the
  /// uncompressed layers are not known.
  std::optional<StreamResult> simulated;
  std::uint64_t latency_cycles{};  ///< of one image alone
  explore::RunEnergy on_chip;      ///< weights in the accelerator's memories
  explore::RunEnergy from_dram;    ///< weights fetched for each batch
  /// Of the first image alone; empty where nothing was simulated, or where it takes more cycles
  /// than a chart can show.
  std::vector<StateSpan> timeline;

  double cycles_per_image() const;
  double images_per_second() const;
  double latency_ns() const;
};

/// Dense, sequential and streaming.
using ScheduleRuns = std::array<ScheduleRun, 3>;

/// What is compared. The schedules of its configuration do not matter.
struct ComparisonTask {
  const RunSubject& subject;  ///< its network has a factorised layer
  const DenseTwin* dense{};   ///< the uncompressed network; none: timing model alone
  const Prices& prices;
  std::uint64_t batch{1};
  int jobs{1};
};

/// All three with the lanes of the configuration. Streaming and sequential have V-MC beside U-MC,
/// so these are not the same multipliers.
ScheduleRuns compare_as_configured(const ComparisonTask& task);

/// All three with as many of these lanes as keep each layer's peak in Run within its budget, in
/// bits a cycle. Throws InputError where one lane is too much.
ScheduleRuns compare_equal_bandwidth(const ComparisonTask& task,
                                     const std::vector<std::uint64_t>& budgets);

/// What each layer of the dense schedule by itself moves at most in a cycle of Run; more where even
/// one lane of another schedule needs more, so that every schedule keeps within these budgets.
std::vector<std::uint64_t> default_budgets(const ComparisonTask& task);

}  // namespace cfc
