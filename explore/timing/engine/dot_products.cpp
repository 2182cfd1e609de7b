#include "explore/timing/engine/dot_products.h"

#include <algorithm>

namespace cfc::explore {

DotProducts::DotProducts(const LayerConfiguration& layer, Cycle operations, Cycle depth,
                         Cycle lanes)
    : overlapped_(layer.issue == Issue::overlapped),
      read_latency_(layer.read_latency),
      multiply_latency_(layer.multiply_latency),
      adder_latency_(layer.adder_latency),
      issue_period_(layer.tile_period()),
      retire_depth_(layer.retire_depth()),
      pipeline_depth_(layer.pipeline_depth()),
      operations_(operations),
      depth_(depth),
      lanes_(lanes),
      tiles_((depth + lanes - 1) / lanes) {}

int DotProducts::results(Cycle cycle) const {
  const Cycle retired = cycle + 1 - pipeline_depth_;
  const bool in_range = retired > 0 && retired <= operations_ * operation_period();
  return in_range && retired % operation_period() == 0 ? 1 : 0;
}

Cycle DotProducts::elements_issued(Cycle cycle) const {
  if (cycle % issue_period_ != 0 || cycle >= operations_ * operation_period()) return 0;
  const Cycle tile = cycle / issue_period_ % tiles_;
  return std::min(lanes_, depth_ - tile * lanes_);
}

std::vector<Cycle> DotProducts::after_results(Cycle begin) const {
  std::vector<Cycle> cycles;
  for (Cycle k = 0; k < operations_; ++k) cycles.push_back(begin + result_at(k) + 1);
  return cycles;
}

std::uint64_t DotProducts::peak(const DotProductBits& width) const {
  const auto moved = [&](Cycle cycle) {
    return bits(elements_issued(cycle), width.element) + bits(results(cycle), width.result) +
           bits(results(cycle - 1), width.sent);
  };
  // Fullest are the first cycle, that of the first result, and the one after it: later ones repeat
  // them, with fewer tiles left to issue.
  return std::max({moved(0), moved(result_at(0)), moved(result_at(0) + 1)});
}

std::uint64_t DotProducts::result_peak(const DotProductBits& width) const {
  const bool made_while_sent = operation_period() == 1 && operations_ > 1;
  return bits(1, made_while_sent ? width.result + width.sent : std::max(width.result, width.sent));
}

Ledger DotProducts::busy() const {
  const auto count = [](Cycle cycles) { return static_cast<std::uint64_t>(cycles); };
  const Cycle tiles = operations_ * tiles_;
  if (overlapped_) {
    const Cycle fill = std::min(tiles, retire_depth_);
    return {
        {"compute", count(tiles - fill)}, {"fill", count(fill)}, {"drain", count(pipeline_depth_)}};
  }
  return {{"compute", count(tiles * (1 + read_latency_))},
          {"multiply", count(tiles * (1 + multiply_latency_))},
          {"accumulate", count(tiles * (1 + adder_latency_) + pipeline_depth_)}};
}

}  // namespace cfc::explore
