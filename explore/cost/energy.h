#pragma once

#include <array>
#include <string>
#include <vector>

#include "explore/cost/energy_table.h"
#include "explore/cost/memory_shape.h"
#include "explore/timing/engine/memories.h"
#include "explore/workload/workload.h"

namespace cfc::explore {

/// Where the weights live.
struct WeightPlace {
  enum class Kind { on_chip, dram };
  Kind kind{Kind::on_chip};
  /// DRAM: images that share one fetch of all weights, at least 1.
  std::uint64_t batch{1};
};

/// Dynamic energy of one layer, in the table's unit, summed over images.
struct LayerEnergy {
  std::array<double, kMemories> memories{};  ///< all accesses, by memory
  double multiplies{};
  double adds{};
  double links{};       ///< output link; 0 where the table does not price it
  double dram{};        ///< weights fetched, and written on chip
  double dram_upper{};  ///< the same at the upper end of the price of DRAM

  double total() const;
};

/// Dynamic energy of a run. No static energy: leakage, clock tree and control have no price.
struct RunEnergy {
  std::string table;
  std::string unit;
  bool links_priced{};
  std::vector<LayerEnergy> layers;

  double total() const;
};

/// What a memory of the layer holds at most: elements x width, both input buffers included.
std::uint64_t capacity_bits(const LayerConfiguration& layer, const LayerWidths& widths,
                            MemoryId memory);

/// What the memory holds where all weights are on chip: those of every repeat.
std::uint64_t capacity_bits(const LayerConfiguration& layer, const WorkloadLayer& workload_layer,
                            MemoryId memory);

/// A memory that the table prices as banks: "fc6 w".
std::vector<std::string> banked_memories(const Configuration& configuration,
                                         const Workload& workload, const EnergyTable& table);

/// Bits of the weights of a layer as they are stored.
std::uint64_t weight_bits(const LayerConfiguration& layer, const LayerWidths& widths);

/// The memory where all weights are on chip: those of every repeat.
MemoryShape memory_shape(const LayerConfiguration& layer, const WorkloadLayer& workload_layer,
                         MemoryId memory);

/// Energy of writing all weights of a layer `fills` times. A table by capacity takes them as one
/// memory.
double fill_energy(const LayerConfiguration& layer, const LayerWidths& widths, double fills,
                   const EnergyTable& table);

/// Energy of `images` images whose accesses, in all `repeat` such layers together, are `memories`.
/// On chip, a memory of weights holds those of every repeat; fetched from DRAM, those of one at a
/// time. Throws InputError on an access without a price.
LayerEnergy layer_energy(const LayerConfiguration& layer, const LayerWidths& widths,
                         const MemoryArray& memories, std::uint64_t images,
                         const EnergyTable& table, const WeightPlace& weights,
                         std::uint64_t repeat = 1);

/// Energy of a run of `run.images` inferences, as measured or predicted. The vectors of an
/// inference share one fetch of the weights.
RunEnergy run_energy(const Configuration& configuration, const Workload& workload,
                     const RunStatistics& run, const EnergyTable& table,
                     const WeightPlace& weights);

/// Throws InputError unless the table has a price for all that a machine of these layers can do:
/// to be asked before long work.
void check_prices(const Workload& workload, const EnergyTable& table, WeightPlace::Kind weights);

/// A layer's accesses by place instead of by name.
MemoryArray by_memory(const LayerStatistics& layer);

}  // namespace cfc::explore
