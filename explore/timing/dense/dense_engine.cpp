#include "explore/timing/dense/dense_engine.h"

namespace cfc::explore {

DenseEngine::DenseEngine(const LayerConfiguration& layer, const LayerWidths& widths)
    : Engine(layer, widths), products_(layer, layer.shape.n, layer.shape.m, layer.lanes_u) {}

Cycle DenseEngine::cycles() const { return products_.cycles(); }

std::vector<Cycle> DenseEngine::beats_available() const { return products_.after_results(0); }

std::map<std::string, Ledger> DenseEngine::busy() const { return {{"dcl", products_.busy()}}; }

MemoryArray DenseEngine::accesses() const {
  const Vectors columns{layer_.shape.n, layer_.shape.m, layer_.lanes_u};
  MemoryArray memories{};
  memories[kInput].reads = columns.accesses(kActivationBits);
  memories[kW].reads = columns.accesses(widths_.weights_bits);
  memories[kOutput].writes = Vectors{1, layer_.shape.n, 1}.accesses(widths_.output_bits);
  return memories;
}

MemoryBits DenseEngine::bits_at(Cycle cycle) const {
  MemoryBits moved{};
  const Cycle elements = products_.elements_issued(cycle);
  moved[kInput] = bits(elements, kActivationBits);
  moved[kW] = bits(elements, widths_.weights_bits);
  moved[kOutput] = bits(products_.results(cycle), widths_.output_bits);
  return moved;
}

Peaks DenseEngine::peaks(int sent_bits) const {
  const DotProductBits width{kActivationBits + widths_.weights_bits, widths_.output_bits,
                             sent_bits};
  Peaks peaks;
  peaks.memory[kInput] = word_bits(layer_.shape.m, layer_.lanes_u, kActivationBits);
  peaks.memory[kW] = word_bits(layer_.shape.m, layer_.lanes_u, widths_.weights_bits);
  peaks.memory[kOutput] = products_.result_peak(width);
  peaks.layer = products_.peak(width);
  return peaks;
}

std::uint64_t DenseEngine::port_bits() const {
  return word_bits(layer_.shape.m, layer_.lanes_u, kActivationBits + widths_.weights_bits) +
         bits(1, widths_.output_bits);
}

}  // namespace cfc::explore
