#include "explore/cost/bandwidth_fit.h"

#include <algorithm>
#include <tuple>

namespace cfc::explore {
namespace {

/// The fewest lanes for each number of tiles that up to `most` lanes can make of `elements`.
std::vector<int> useful_lanes(int elements, int most) {
  std::vector<int> lanes;
  for (int count = std::min(elements, most); count >= 1;) {
    const int tiles = LayerConfiguration::ceil_div(elements, count);
    count = LayerConfiguration::ceil_div(elements, tiles);
    lanes.push_back(count);
    --count;
  }
  return lanes;
}

}  // namespace

std::optional<LayerConfiguration> fit_bandwidth(const LayerConfiguration& layer,
                                                const LayerWidths& widths,
                                                std::uint64_t budget_bits_per_cycle) {
  const std::vector<int> lanes_v = uses_factors(layer.schedule)
                                       ? useful_lanes(layer.vector_v(), layer.lanes_v)
                                       : std::vector<int>{layer.lanes_v};
  using Rank = std::tuple<std::uint64_t, std::uint64_t>;  // fewer cycles, then fewer lanes
  std::optional<LayerConfiguration> best;
  Rank best_rank;
  for (const int u : useful_lanes(layer.shape.m, layer.lanes_u)) {
    for (const int v : lanes_v) {
      LayerConfiguration candidate = layer;
      candidate.lanes_u = u;
      candidate.lanes_v = v;
      const LayerCost cost = layer_cost(candidate, widths, 1);
      if (cost.run_peak_bits_per_cycle > budget_bits_per_cycle) continue;
      const Rank rank{cost.compute_cycles, cost.multipliers};
      if (best && best_rank <= rank) continue;
      best = candidate;
      best_rank = rank;
    }
  }
  return best;
}

}  // namespace cfc::explore
