#include "explore/timing/streaming_engine.h"

#include <algorithm>

namespace cfc::explore {
StreamingEngine::StreamingEngine(const LayerConfiguration& layer, const LayerWidths& widths)
    : layer_(layer),
      widths_(widths),
      products_(layer, *layer.shape.r, layer.shape.m, layer.lanes_u),
      rank_(*layer.shape.r),
      tiles_v_(layer.tiles_v()),
      period_(std::max(products_.operation_period(), tiles_v_)),
      drain_(layer.multiply_latency),
      first_transfer_(products_.result_at(0)) {}

Cycle StreamingEngine::cycles() const {
  return first_transfer_ + (rank_ - 1) * period_ + tiles_v_ + drain_ + 1;
}

std::vector<Cycle> StreamingEngine::beats_available() const {
  return std::vector<Cycle>(static_cast<std::size_t>(layer_.output_beats()), cycles());
}

StreamingEngine::Tile StreamingEngine::tile_at(Cycle cycle) const {
  const Cycle since = cycle - first_transfer_ - 1;
  if (since < 0 || since / period_ >= rank_ || since % period_ >= tiles_v_) return {};
  const Cycle done = since % period_ * layer_.lanes_v;
  return {since / period_, std::min<Cycle>(layer_.lanes_v, layer_.shape.n - done)};
}

Cycle StreamingEngine::elements_issued(Cycle cycle) const {
  const Cycle since = cycle - first_transfer_ - 1;
  if (since < 0) return products_.elements_issued(cycle);
  // Since the last transfer, DCL has come as far as its next result, then stood still: what stood
  // at the ports by then was read in the first cycle of that.
  const Cycle progress = since % period_ + 1;
  if (progress > products_.operation_period()) return 0;
  return products_.elements_issued(products_.result_at(since / period_) + progress);
}

MemoryBits StreamingEngine::bits_at(Cycle cycle) const {
  MemoryBits moved{};
  const Cycle issued = elements_issued(cycle);
  moved[kInput] = bits(issued, kActivationBits);
  moved[kU] = bits(issued, widths_.u_bits);
  moved[kV] = bits(tile_at(cycle).elements, widths_.v_bits);
  const Tile summed = tile_at(cycle - drain_);
  const bool is_last = summed.operation == rank_ - 1;
  if (layer_.psum_storage == PsumStorage::memory) {
    const int ports = (summed.operation > 0 ? 1 : 0) + (is_last ? 0 : 1);
    moved[kPsum] = bits(summed.elements, ports * kPsumBits);
  }
  if (is_last) moved[kOutput] = bits(summed.elements, widths_.output_bits);
  return moved;
}

std::vector<CycleRange> StreamingEngine::representative_cycles() const {
  // Steady from the second operation of DIL to where DCL, some operations ahead, runs out of tiles.
  const Cycle ahead = products_.pipeline_depth() / products_.operation_period();
  const Cycle head = first_transfer_ + drain_ + 4 * period_;
  return head_and_tail(cycles(), head, drain_ + (ahead + 4) * period_);
}

std::map<std::string, Ledger> StreamingEngine::busy() const {
  const auto count = [](Cycle cycles) { return static_cast<std::uint64_t>(cycles); };
  Ledger dcl = products_.busy();
  dcl["wait_dil"] = count((rank_ - 1) * (period_ - products_.operation_period()));
  return {{"dcl", dcl},
          {"dil",
           {{"run", count(rank_ * tiles_v_)},
            {"wait_dcl", count((rank_ - 1) * (period_ - tiles_v_))},
            {"drain", count(drain_)}}}};
}

}  // namespace cfc::explore
