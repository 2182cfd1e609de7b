#include "explore/cost/roofline.h"

#include <algorithm>

#include "explore/timing/engine_factory.h"

namespace cfc::explore {
namespace {

constexpr double kBitsPerByte = 8;
constexpr double kOperationsPerProduct = 2;

}  // namespace

Roofline roofline(const LayerConfiguration& layer, const LayerWidths& widths) {
  const LayerCost cost = layer_cost(layer, widths, layer.shape.m);
  const std::uint64_t port_bits =
      with_engine(layer, widths, [](const Engine& engine) { return engine.port_bits(); });
  std::uint64_t moved_bits = 0;
  for (const MemoryStatistics& memory : cost.memories) {
    moved_bits += memory.reads.bits + memory.writes.bits;
  }
  moved_bits -= cost.memories[kInput].writes.bits + cost.memories[kOutput].reads.bits;
  const double operations = kOperationsPerProduct * static_cast<double>(cost.multiplications);

  Roofline line;
  line.operations_per_byte = operations * kBitsPerByte / static_cast<double>(moved_bits);
  line.bytes_per_cycle = static_cast<double>(port_bits) / kBitsPerByte;
  line.peak_operations_per_cycle = kOperationsPerProduct * static_cast<double>(cost.multipliers);
  const double memory_roof = line.operations_per_byte * line.bytes_per_cycle;
  line.is_memory_bound = memory_roof < line.peak_operations_per_cycle;
  line.attainable_operations_per_cycle = std::min(memory_roof, line.peak_operations_per_cycle);
  line.operations_per_cycle = operations / static_cast<double>(cost.compute_cycles);
  return line;
}

}  // namespace cfc::explore
