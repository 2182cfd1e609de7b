#pragma once

#include <optional>

#include "explore/cost/layer_cost.h"

namespace cfc::explore {

/// The layer with as many of its lanes as its memories can feed: of all `lanes_u` and `lanes_v` up
/// to those given whose peak in Run (all memories, the layer by itself) stays within
/// `budget_bits_per_cycle`, those with the fewest compute cycles, and of these the fewest lanes.
/// Only the fewest lanes for each number of tiles are tried. Beats of links do not count: no choice
/// of lanes changes them.
/// Nothing where not even one lane stays within it.
std::optional<LayerConfiguration> fit_bandwidth(const LayerConfiguration& layer,
                                                const LayerWidths& widths,
                                                std::uint64_t budget_bits_per_cycle);

}  // namespace cfc::explore
