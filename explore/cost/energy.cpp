#include "explore/cost/energy.h"

#include <algorithm>
#include <numeric>

namespace cfc::explore {
namespace {

bool is_of_weights(MemoryId memory) {
  return std::find(kWeightMemories.begin(), kWeightMemories.end(), memory) != kWeightMemories.end();
}

/// `copies` such memories as one deeper one.
MemoryShape repeated(MemoryShape memory, std::uint64_t copies) {
  memory.words *= copies;
  memory.capacity_bits *= copies;
  return memory;
}

/// Every weight that is read is multiplied once, and the product added to a running sum.
void price_arithmetic(LayerEnergy& energy, const LayerWidths& widths, const MemoryArray& memories,
                      const EnergyTable& table) {
  const auto price = [&](MemoryId weights, int operand_bits) {
    const auto products = static_cast<double>(memories[weights].reads.elements);
    if (products == 0) return;
    energy.multiplies += products * table.multiply(operand_bits, element_bits(widths, weights));
    energy.adds += products * table.add(kSumBits);
  };
  price(kW, kActivationBits);
  price(kU, kActivationBits);
  price(kV, widths.z_bits);
}

void price_fetches(LayerEnergy& energy, const LayerConfiguration& layer, const LayerWidths& widths,
                   double fetches, const EnergyTable& table) {
  for (const MemoryId weights : kWeightMemories) {
    const MemoryShape memory = memory_shape(layer, widths, weights);
    const auto capacity = static_cast<double>(memory.capacity_bits);
    if (capacity == 0) continue;
    const double written = table.sram_bit(memory);
    energy.dram += fetches * capacity * (table.dram_bit() + written);
    energy.dram_upper += fetches * capacity * (table.dram_bit_upper() + written);
  }
}

}  // namespace

double LayerEnergy::total() const {
  return std::accumulate(memories.begin(), memories.end(), multiplies + adds + links + dram);
}

double RunEnergy::total() const {
  return std::accumulate(layers.begin(), layers.end(), 0.0,
                         [](double sum, const LayerEnergy& layer) { return sum + layer.total(); });
}

std::uint64_t capacity_bits(const LayerConfiguration& layer, const LayerWidths& widths,
                            MemoryId memory) {
  return memory_shape(layer, widths, memory).capacity_bits;
}

std::uint64_t weight_bits(const LayerConfiguration& layer, const LayerWidths& widths) {
  std::uint64_t bits = 0;
  for (const MemoryId weights : kWeightMemories) bits += capacity_bits(layer, widths, weights);
  return bits;
}

double fill_energy(const LayerConfiguration& layer, const LayerWidths& widths, double fills,
                   const EnergyTable& table) {
  if (!table.word_prices()) {
    const auto bits = static_cast<double>(weight_bits(layer, widths));
    return fills * bits * table.sram_bit(bits);
  }
  double energy = 0;
  for (const MemoryId weights : kWeightMemories) {
    const MemoryShape memory = memory_shape(layer, widths, weights);
    energy += fills * static_cast<double>(memory.capacity_bits) * table.sram_bit(memory);
  }
  return energy;
}

std::uint64_t capacity_bits(const LayerConfiguration& layer, const WorkloadLayer& workload_layer,
                            MemoryId memory) {
  return memory_shape(layer, workload_layer, memory).capacity_bits;
}

MemoryShape memory_shape(const LayerConfiguration& layer, const WorkloadLayer& workload_layer,
                         MemoryId memory) {
  const MemoryShape once = memory_shape(layer, workload_layer.widths, memory);
  return is_of_weights(memory) ? repeated(once, workload_layer.repeat) : once;
}

std::vector<std::string> banked_memories(const Configuration& configuration,
                                         const Workload& workload, const EnergyTable& table) {
  std::vector<std::string> names;
  if (!table.has_banks()) return names;
  for (std::size_t i = 0; i < workload.layers.size(); ++i) {
    for (std::size_t id = 0; id < kMemories; ++id) {
      const auto memory = static_cast<MemoryId>(id);
      if (table.is_banked(memory_shape(configuration.layers[i], workload.layers[i], memory)))
        names.push_back(workload.layers[i].name + ' ' + name_of(memory));
    }
  }
  return names;
}

LayerEnergy layer_energy(const LayerConfiguration& layer, const LayerWidths& widths,
                         const MemoryArray& memories, std::uint64_t images,
                         const EnergyTable& table, const WeightPlace& weights,
                         std::uint64_t repeat) {
  LayerEnergy energy;
  const bool keeps_all = weights.kind == WeightPlace::Kind::on_chip;
  for (std::size_t i = 0; i < kMemories; ++i) {
    const auto moved = static_cast<double>(memories[i].reads.bits + memories[i].writes.bits);
    if (moved == 0) continue;
    const auto memory = static_cast<MemoryId>(i);
    const std::uint64_t copies = keeps_all && is_of_weights(memory) ? repeat : 1;
    energy.memories[i] =
        moved * table.sram_bit(repeated(memory_shape(layer, widths, memory), copies));
  }
  price_arithmetic(energy, widths, memories, table);
  energy.links = static_cast<double>(memories[kOutput].reads.bits) * table.link_bit().value_or(0);
  if (weights.kind == WeightPlace::Kind::dram) {
    const std::uint64_t fetches = repeat * ((images + weights.batch - 1) / weights.batch);
    price_fetches(energy, layer, widths, static_cast<double>(fetches), table);
  }
  return energy;
}

RunEnergy run_energy(const Configuration& configuration, const Workload& workload,
                     const RunStatistics& run, const EnergyTable& table,
                     const WeightPlace& weights) {
  RunEnergy energy{table.name(), table.unit(), table.link_bit().has_value(), {}};
  for (std::size_t i = 0; i < run.layers.size(); ++i) {
    const WorkloadLayer& layer = workload.layers[i];
    energy.layers.push_back(layer_energy(configuration.layers[i], layer.widths,
                                         by_memory(run.layers[i]), run.images, table, weights,
                                         layer.repeat));
  }
  return energy;
}

void check_prices(const Workload& workload, const EnergyTable& table, WeightPlace::Kind weights) {
  table.add(kSumBits);
  for (const LayerWidths& widths : workload.widths()) {
    table.multiply(kActivationBits, widths.weights_bits);
    if (widths.u_bits == 0) continue;
    table.multiply(kActivationBits, widths.u_bits);
    table.multiply(widths.z_bits, widths.v_bits);
  }
  if (weights == WeightPlace::Kind::dram) table.dram_bit();
}

MemoryArray by_memory(const LayerStatistics& layer) {
  MemoryArray memories{};
  for (std::size_t i = 0; i < kMemories; ++i) {
    const auto found = layer.memories.find(name_of(static_cast<MemoryId>(i)));
    if (found != layer.memories.end()) memories[i] = found->second;
  }
  return memories;
}

}  // namespace cfc::explore
