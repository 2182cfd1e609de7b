#include "explore/timing/sequential/sequential_engine.h"

#include <algorithm>

namespace cfc::explore {

SequentialEngine::SequentialEngine(const LayerConfiguration& layer, const LayerWidths& widths)
    : Engine(layer, widths),
      u_(layer, *layer.shape.r, layer.shape.m, layer.lanes_u),
      v_(layer, layer.shape.n, *layer.shape.r, layer.lanes_v) {}

Cycle SequentialEngine::cycles() const { return u_.cycles() + v_.cycles(); }

std::vector<Cycle> SequentialEngine::beats_available() const {
  return v_.after_results(u_.cycles());
}

std::map<std::string, Ledger> SequentialEngine::busy() const {
  return {{"dcl_u", u_.busy()}, {"dcl_v", v_.busy()}};
}

bool SequentialEngine::has_inside(MemoryId memory) const {
  return memory == kU || memory == kV || memory == kZ;
}

MemoryArray SequentialEngine::accesses() const {
  const auto& [m, n, r] = layer_.shape;
  const Vectors columns_u{*r, m, layer_.lanes_u};
  const Vectors columns_v{n, *r, layer_.lanes_v};
  MemoryArray memories{};
  memories[kInput].reads = columns_u.accesses(kActivationBits);
  memories[kU].reads = columns_u.accesses(widths_.u_bits);
  memories[kZ].writes = Vectors{1, *r, 1}.accesses(widths_.z_bits);
  memories[kZ].reads = columns_v.accesses(widths_.z_bits);
  memories[kV].reads = columns_v.accesses(widths_.v_bits);
  memories[kOutput].writes = Vectors{1, n, 1}.accesses(widths_.output_bits);
  return memories;
}

MemoryBits SequentialEngine::bits_at(Cycle cycle) const {
  MemoryBits moved{};
  if (cycle < u_.cycles()) {
    const Cycle elements = u_.elements_issued(cycle);
    moved[kInput] = bits(elements, kActivationBits);
    moved[kU] = bits(elements, widths_.u_bits);
    moved[kZ] = bits(u_.results(cycle), widths_.z_bits);
  } else {
    const Cycle elements = v_.elements_issued(cycle - u_.cycles());
    moved[kZ] = bits(elements, widths_.z_bits);
    moved[kV] = bits(elements, widths_.v_bits);
    moved[kOutput] = bits(v_.results(cycle - u_.cycles()), widths_.output_bits);
  }
  return moved;
}

Peaks SequentialEngine::peaks(int sent_bits) const {
  const DotProductBits width_u{kActivationBits + widths_.u_bits, widths_.z_bits, 0};
  const DotProductBits width_v{widths_.z_bits + widths_.v_bits, widths_.output_bits, sent_bits};
  Peaks peaks;
  peaks.memory[kInput] = word_bits(layer_.shape.m, layer_.lanes_u, kActivationBits);
  peaks.memory[kU] = word_bits(layer_.shape.m, layer_.lanes_u, widths_.u_bits);
  peaks.memory[kZ] = word_bits(*layer_.shape.r, layer_.lanes_v, widths_.z_bits);
  peaks.memory[kV] = word_bits(*layer_.shape.r, layer_.lanes_v, widths_.v_bits);
  peaks.memory[kOutput] = v_.result_peak(width_v);
  peaks.layer = std::max(u_.peak(width_u), v_.peak(width_v));
  return peaks;
}

std::uint64_t SequentialEngine::port_bits() const {
  return word_bits(layer_.shape.m, layer_.lanes_u, kActivationBits + widths_.u_bits) +
         bits(1, widths_.z_bits) +
         word_bits(*layer_.shape.r, layer_.lanes_v, widths_.z_bits + widths_.v_bits) +
         bits(1, widths_.output_bits);
}

}  // namespace cfc::explore
