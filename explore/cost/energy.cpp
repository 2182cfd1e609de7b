#include "explore/cost/energy.h"

#include <algorithm>
#include <numeric>

#include "explore/timing/engine_factory.h"

namespace cfc::explore {
namespace {

std::uint64_t count(int a, int b) {
  return static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b);
}

std::uint64_t elements_held(const LayerConfiguration& layer, MemoryId memory) {
  const int r = layer.shape.r.value_or(0);
  switch (memory) {
    case kInput:
      return count(layer.shape.m, layer.input_buffers);
    case kU:
      return count(layer.shape.m, r);
    case kV:
      return count(r, layer.shape.n);
    case kW:
      return count(layer.shape.m, layer.shape.n);
    case kZ:
      return static_cast<std::uint64_t>(r);
    default:
      return static_cast<std::uint64_t>(layer.shape.n);
  }
}

bool is_of_weights(MemoryId memory) {
  return std::find(kWeightMemories.begin(), kWeightMemories.end(), memory) != kWeightMemories.end();
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
    const auto capacity = static_cast<double>(capacity_bits(layer, widths, weights));
    if (capacity == 0) continue;
    const double written = table.sram_bit(capacity);
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
  const bool is_there =
      with_engine(layer, widths, [&](const Engine& engine) { return engine.has(memory); });
  return !is_there ? 0
                   : elements_held(layer, memory) *
                         static_cast<std::uint64_t>(element_bits(widths, memory));
}

std::uint64_t weight_bits(const LayerConfiguration& layer, const LayerWidths& widths) {
  std::uint64_t bits = 0;
  for (const MemoryId weights : kWeightMemories) bits += capacity_bits(layer, widths, weights);
  return bits;
}

std::uint64_t capacity_bits(const LayerConfiguration& layer, const WorkloadLayer& workload_layer,
                            MemoryId memory) {
  const std::uint64_t once = capacity_bits(layer, workload_layer.widths, memory);
  return is_of_weights(memory) ? once * workload_layer.repeat : once;
}

std::vector<std::string> banked_memories(const Configuration& configuration,
                                         const Workload& workload, const EnergyTable& table) {
  std::vector<std::string> names;
  if (!table.bank_bits()) return names;
  for (std::size_t i = 0; i < workload.layers.size(); ++i) {
    for (std::size_t id = 0; id < kMemories; ++id) {
      const auto memory = static_cast<MemoryId>(id);
      const auto bits =
          static_cast<double>(capacity_bits(configuration.layers[i], workload.layers[i], memory));
      if (bits > *table.bank_bits())
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
    const auto capacity = static_cast<double>(capacity_bits(layer, widths, memory) * copies);
    energy.memories[i] = moved * table.sram_bit(capacity);
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
