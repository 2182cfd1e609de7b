#include "explore/cost/layer_cost.h"

#include <algorithm>

#include "explore/timing/access_counts.h"
#include "explore/timing/engine_factory.h"

namespace cfc::explore {
namespace {

LayerCost cost_of(const Engine& engine, int input_beat_width) {
  const LayerConfiguration& layer = engine.layer();
  const int output_bits = engine.widths().output_bits;
  LayerCost cost;
  cost.compute_cycles = static_cast<std::uint64_t>(engine.cycles());
  cost.operations = static_cast<std::uint64_t>(layer.operations());
  cost.memories = accesses_by_memory(engine, input_beat_width, 1);
  cost.multiplications = products(cost.memories);
  cost.multipliers = static_cast<std::uint64_t>(engine.multipliers());
  cost.accumulators = static_cast<std::uint64_t>(engine.accumulators());
  cost.activation_lanes = layer.sends_at_the_end() ? static_cast<std::uint64_t>(layer.lanes_v)
                                                   : 1;  // rtl_ref: SumLanes

  const std::uint64_t beats_in = cost.memories[kInput].writes.words;
  const std::uint64_t beats_out = cost.memories[kOutput].reads.words;
  const std::uint64_t beats_left = layer.sends_at_the_end() ? beats_out : 1;
  cost.latency_cycles = beats_in + 1 + cost.compute_cycles + beats_left;

  Peaks peaks = engine.peaks(output_bits);
  cost.run_peak_bits_per_cycle = peaks.layer;
  // The links by themselves, before and after Run.
  MemoryBits taken{};
  taken[kInput] = word_bits(layer.shape.m, input_beat_width, kActivationBits);
  peaks.book(taken);
  MemoryBits sent{};
  sent[kOutput] = word_bits(layer.shape.n, layer.output_beat_width(), output_bits);
  peaks.book(sent);
  cost.peak_bits_per_cycle = peaks.layer;
  for (std::size_t i = 0; i < kMemories; ++i) {
    cost.memories[i].peak_bits_per_cycle = peaks.memory[i];
  }
  return cost;
}

}  // namespace

LayerCost layer_cost(const LayerConfiguration& layer, const LayerWidths& widths,
                     int input_beat_width) {
  return with_engine(layer, widths,
                     [&](const Engine& engine) { return cost_of(engine, input_beat_width); });
}

}  // namespace cfc::explore
