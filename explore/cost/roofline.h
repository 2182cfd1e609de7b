#pragma once

#include "explore/cost/layer_cost.h"

namespace cfc::explore {

/// A layer's Run under its two roofs (docs/reference/figures.md, "Roofline"). An operation is a
/// multiplication or an addition; a cycle is one of Run; bytes are those that the engine moves, not
/// those that the links bring and take.
struct Roofline {
  double operations_per_byte{};
  double bytes_per_cycle{};                  ///< what the engine's memory ports can deliver
  double peak_operations_per_cycle{};        ///< all multipliers busy
  double attainable_operations_per_cycle{};  ///< the lower of the two roofs
  double operations_per_cycle{};             ///< attained
  bool is_memory_bound{};                    ///< the memories' roof is the lower one
};

Roofline roofline(const LayerConfiguration& layer, const LayerWidths& widths);

}  // namespace cfc::explore
