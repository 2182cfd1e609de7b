#pragma once

#include "explore/timing/engine/memories.h"

namespace cfc::explore {

/// What one image costs in one layer that runs by itself: its input arrives over a link of
/// `input_beat_width` elements, and nothing makes it wait. Figures: docs/reference/figures.md.
struct LayerCost {
  std::uint64_t compute_cycles{};           ///< in Run
  std::uint64_t latency_cycles{};           ///< from the first input beat to the last output beat
  std::uint64_t operations{};               ///< n, r + n or r + 1
  std::uint64_t multiplications{};          ///< products made
  std::uint64_t multipliers{};              ///< lanes of all calculators
  std::uint64_t accumulators{};             ///< running sums held at a time
  std::uint64_t activation_lanes{};         ///< sums that become outputs at a time
  std::uint64_t peak_bits_per_cycle{};      ///< most bits in a cycle, all memories together
  std::uint64_t run_peak_bits_per_cycle{};  ///< that of Run, without the beats of links around it
  MemoryArray memories{};                   ///< accesses and peaks by memory

  /// Products per multiplier and cycle of Run, 0 to 1.
  double utilisation() const {
    return static_cast<double>(multiplications) /
           (static_cast<double>(multipliers) * static_cast<double>(compute_cycles));
  }
};

/// Closed form, allocates nothing: the inner loop of a search. Equals `predict` of this layer alone
/// for one image, wherever both speak.
LayerCost layer_cost(const LayerConfiguration& layer, const LayerWidths& widths,
                     int input_beat_width);

}  // namespace cfc::explore
