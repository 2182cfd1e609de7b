#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "cfcsim/run/run_subject.h"
#include "explore/cost/energy.h"
#include "explore/silicon/image_energy.h"
#include "explore/silicon/technology.h"
#include "explore/workload/workload.h"
#include "testbench/state_timeline.h"
#include "testbench/stream_run.h"

namespace cfc {

/// What the simulations of a schedule's chains came to together.
struct Simulation {
  Verdict verdict;
  bool timing_model_agrees{true};
  bool interrupted{false};
};

/// Dynamic energy of a run.
struct EnergyOfRun {
  explore::RunEnergy on_chip;    ///< weights in the accelerator's memories
  explore::RunEnergy from_dram;  ///< weights fetched for each batch
};

/// One schedule's machine, and what it did.
struct ScheduleRun {
  Schedule schedule{};
  Configuration configuration;
  explore::Workload workload;  ///< what it computes
  RunStatistics statistics;
  std::optional<Simulation> simulated;  ///< none: the timing model alone speaks
  std::uint64_t latency_cycles{};       ///< of one image alone
  std::optional<EnergyOfRun> energy;    ///< none without prices
  /// What standard cells make of the machine, whatever its configured clock; none without any.
  std::optional<explore::Silicon> silicon;
  /// Of the first image alone; empty where nothing was simulated, where there are several chains,
  /// or where it takes more cycles than a chart can show.
  std::vector<StateSpan> timeline;

  double cycles_per_image() const;
  double images_per_second() const;
  double latency_ns() const;
  /// Of an image, at the period that standard cells allow; there must be some.
  double time_ns() const;
  /// Of an image, in the table's unit x ns.
  double energy_delay(const explore::RunEnergy& spent) const;
  /// Of an image, in the technology that gives the cells; none where it has no energies.
  std::optional<explore::ImageEnergy> image_energy() const;
};

/// Dense, sequential and streaming.
using ScheduleRuns = std::array<ScheduleRun, 3>;

/// The values that a simulation of a chain of layers needs.
struct SimulatedChain {
  golden::Network factorised;
  std::optional<golden::Network> dense;  ///< uncompressed; none: its values are not known
  golden::Dataset dataset;               ///< vectors, and their classes where these are known
  golden::Index first_vector{};
};

/// What is compared: a network, or a workload with or without values.
struct ComparisonTask {
  explore::Workload workload;        ///< a layer of it is factorised
  explore::Workload dense_workload;  ///< the same layers uncompressed: W may be of another width
  Settings settings;                 ///< the schedules in it do not matter
  std::uint64_t images{1};
  std::vector<SimulatedChain> simulated;  ///< one a chain; empty: the timing model alone
  std::optional<Prices> prices;
  std::uint64_t batch{1};
  std::shared_ptr<const explore::Technology> technology;  ///< null: none
  int jobs{1};
};

/// Throws InputError unless the counts of the comparison fit, and the table has all its prices: to
/// be asked before long work.
void check(const ComparisonTask& task);

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
