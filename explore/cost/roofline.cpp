#include "explore/cost/roofline.h"

#include <algorithm>

namespace cfc::explore {
namespace {

constexpr double kBitsPerByte = 8;
constexpr double kOperationsPerProduct = 2;

/// Elements in the widest word that the engine moves through each port of its memories.
std::uint64_t port_bits(const LayerConfiguration& layer, const LayerWidths& widths) {
  const auto& [m, n, r] = layer.shape;
  const auto word = [&](MemoryId memory, int elements, int lanes) {
    return bits(std::min(elements, lanes), element_bits(widths, memory));
  };
  const std::uint64_t input = word(kInput, m, layer.lanes_u);
  switch (layer.schedule) {
    case Schedule::dense:
      return input + word(kW, m, layer.lanes_u) + word(kOutput, 1, 1);
    case Schedule::sequential:
      return input + word(kU, m, layer.lanes_u) + word(kZ, 1, 1) + word(kZ, *r, layer.lanes_v) +
             word(kV, *r, layer.lanes_v) + word(kOutput, 1, 1);
    case Schedule::streaming:
      break;
  }
  const int psum_ports = has_memory(layer, kPsum) ? 2 : 0;
  return input + word(kU, m, layer.lanes_u) + word(kV, n, layer.lanes_v) +
         word(kOutput, n, layer.lanes_v) +
         static_cast<std::uint64_t>(psum_ports) * word(kPsum, n, layer.lanes_v);
}

}  // namespace

Roofline roofline(const LayerConfiguration& layer, const LayerWidths& widths) {
  const LayerCost cost = layer_cost(layer, widths, layer.shape.m);
  std::uint64_t moved_bits = 0;
  for (const MemoryStatistics& memory : cost.memories) {
    moved_bits += memory.reads.bits + memory.writes.bits;
  }
  moved_bits -= cost.memories[kInput].writes.bits + cost.memories[kOutput].reads.bits;
  const double operations = kOperationsPerProduct * static_cast<double>(cost.multiplications);

  Roofline line;
  line.operations_per_byte = operations * kBitsPerByte / static_cast<double>(moved_bits);
  line.bytes_per_cycle = static_cast<double>(port_bits(layer, widths)) / kBitsPerByte;
  line.peak_operations_per_cycle = kOperationsPerProduct * static_cast<double>(cost.multipliers);
  const double memory_roof = line.operations_per_byte * line.bytes_per_cycle;
  line.is_memory_bound = memory_roof < line.peak_operations_per_cycle;
  line.attainable_operations_per_cycle = std::min(memory_roof, line.peak_operations_per_cycle);
  line.operations_per_cycle = operations / static_cast<double>(cost.compute_cycles);
  return line;
}

}  // namespace cfc::explore
