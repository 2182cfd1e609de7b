#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "configuration/configuration.h"
#include "explore/cost/energy.h"
#include "explore/silicon/technology.h"

namespace cfc::explore {

/// What standard cells and memory macros make of a machine.
struct CellFigures {
  double period_ns{};
  double cells_um2{};
  double macros_um2{};
  std::optional<double> silicon_pj;  ///< of an image
  Origin origin{};
};

/// What a sweep keeps of a run (docs/reference/sweep.md). Counts are of all images of the run and
/// of all layers.
struct Figures {
  std::uint64_t cycles{};          ///< of the run
  std::uint64_t latency_cycles{};  ///< of the first image, from first beat in to last beat out
  std::uint64_t compute_cycles{};  ///< of one image in Run
  std::uint64_t stall_cycles{};    ///< ledger entries wait_*
  std::uint64_t operations{};      ///< of one image
  std::uint64_t multiplications{};
  std::uint64_t multipliers{};
  std::uint64_t accumulators{};
  std::uint64_t read_words{};
  std::uint64_t write_words{};
  std::uint64_t read_bits{};
  std::uint64_t write_bits{};
  std::uint64_t peak_bits{};  ///< sum over layers of the most bits that one moves in a cycle
  std::optional<double> energy;
  std::optional<CellFigures> cells;
};

/// A count of `Figures` by the name of its column.
struct Count {
  const char* name;
  std::uint64_t Figures::*value;
};
const std::vector<Count>& counts();

/// A figure that a Pareto front can be drawn over.
struct Metric {
  enum class Better { less, more };
  /// What a sweep must be told, or a network say, for points to have it.
  enum class Needs { nothing, prices, cells, accuracy };
  const char* name;        ///< of its column in the view `results`
  const char* expression;  ///< what it is there, in SQL over `points` and `networks`
  Better better;
  Needs needs{Needs::nothing};
};
const std::vector<Metric>& metrics();

/// Throws InputError with the names there are.
const Metric& find_metric(const std::string& name);

/// Prices, and where the weights live.
struct EnergySetting {
  EnergyTable table;
  WeightPlace weights;
};

/// All but the network and the configuration that figures depend on.
struct SweepSetting {
  std::uint64_t images{};
  std::optional<EnergySetting> energy{};
  std::string energy_sha256{};                     ///< of the table's file; empty without one
  std::shared_ptr<const Technology> technology{};  ///< null: none
  std::string technology_sha256{};                 ///< of its files; empty without one
};

/// The figures of a run whose first image leaves in cycle `latency_cycles` - 1.
Figures figures_of(const Configuration& configuration, const Workload& workload,
                   const RunStatistics& run, std::uint64_t latency_cycles,
                   const SweepSetting& setting);

/// The figures that the timing model predicts.
Figures predict_figures(const Configuration& configuration, const Workload& workload,
                        const SweepSetting& setting);

}  // namespace cfc::explore
