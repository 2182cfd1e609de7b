#include "explore/timing/dot_products.h"

#include <algorithm>

namespace cfc::explore {

DotProducts::DotProducts(const LayerConfiguration& layer, Cycle operations, Cycle depth,
                         Cycle lanes)
    : overlapped_(layer.issue == Issue::overlapped),
      read_latency_(layer.read_latency),
      multiply_latency_(layer.multiply_latency),
      adder_latency_(layer.adder_latency),
      issue_period_(layer.tile_period()),
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

std::vector<CycleRange> DotProducts::representative_cycles() const {
  // Between filling and draining the pipeline, every operation is like the one before.
  const Cycle ends = pipeline_depth_ + 2 * operation_period();
  return head_and_tail(cycles(), ends, ends);
}

Ledger DotProducts::busy() const {
  const auto count = [](Cycle cycles) { return static_cast<std::uint64_t>(cycles); };
  const Cycle tiles = operations_ * tiles_;
  if (overlapped_) {
    const Cycle fill = std::min(tiles, pipeline_depth_);
    return {
        {"compute", count(tiles - fill)}, {"fill", count(fill)}, {"drain", count(pipeline_depth_)}};
  }
  return {{"compute", count(tiles * (1 + read_latency_))},
          {"multiply", count(tiles * (1 + multiply_latency_))},
          {"accumulate", count(tiles * (1 + adder_latency_))}};
}

std::vector<CycleRange> head_and_tail(Cycle cycles, Cycle head, Cycle tail) {
  if (head + tail >= cycles) return {{0, cycles}};
  return {{0, head}, {cycles - tail, cycles}};
}

}  // namespace cfc::explore
