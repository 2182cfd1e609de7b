#include "explore/timing/streaming/streaming_engine.h"

#include <algorithm>
#include <array>

namespace cfc::explore {
namespace {

Cycle wrapped(Cycle cycle, Cycle period) { return (cycle % period + period) % period; }

}  // namespace

StreamingEngine::StreamingEngine(const LayerConfiguration& layer, const LayerWidths& widths)
    : Engine(layer, widths),
      products_(layer, *layer.shape.r, layer.shape.m, layer.lanes_u),
      rank_(*layer.shape.r),
      tiles_v_(layer.tiles_v()),
      period_(std::max(products_.operation_period(), tiles_v_)),
      sum_drain_(layer.row_latency()),
      drain_(layer.row_drain()),
      first_transfer_(products_.result_at(0)) {}

Cycle StreamingEngine::cycles() const {
  return first_transfer_ + (rank_ - 1) * period_ + tiles_v_ + drain_ + 1;
}

std::vector<Cycle> StreamingEngine::beats_available() const {
  return std::vector<Cycle>(static_cast<std::size_t>(layer_.output_beats()), cycles());
}

Cycle StreamingEngine::tile_elements(Cycle k, Cycle phase) const {
  if (k < 0 || k >= rank_ || phase >= tiles_v_) return 0;
  return std::min<Cycle>(layer_.lanes_v, layer_.shape.n - phase * layer_.lanes_v);
}

StreamingEngine::Drained StreamingEngine::drained(Cycle k, Cycle phase, Cycle drain) const {
  const Cycle late = periods_late(phase, drain);
  return {k - late, tile_elements(k - late, phase + late * period_ - drain)};
}

MemoryBits StreamingEngine::bits_at(Cycle cycle) const {
  const Cycle since = cycle - first_transfer_ - 1;
  if (since >= 0) return bits_in(since / period_, since % period_);
  MemoryBits moved{};
  move_issued(moved, cycle);
  return moved;
}

void StreamingEngine::move_issued(MemoryBits& moved, Cycle cycle) const {
  const Cycle elements = products_.elements_issued(cycle);
  moved[kInput] = bits(elements, kActivationBits);
  moved[kU] = bits(elements, widths_.u_bits);
}

MemoryBits StreamingEngine::bits_in(Cycle k, Cycle phase) const {
  MemoryBits moved{};
  // Since the last transfer, DCL has come as far as its next result, then stood still: what stood
  // at the ports by then was read in the first cycle of that.
  const bool issues = phase < products_.operation_period();
  if (issues) move_issued(moved, products_.result_at(k) + phase + 1);
  moved[kV] = bits(tile_elements(k, phase), widths_.v_bits);
  if (has_inside(kPsum)) {
    const Drained summed = drained(k, phase, sum_drain_);
    const int ports = (summed.k > 0 ? 1 : 0) + (summed.k < rank_ - 1 ? 1 : 0);
    moved[kPsum] = bits(summed.elements, ports * kSumBits);
  }
  const Drained made = drained(k, phase, drain_);
  if (made.k == rank_ - 1) moved[kOutput] = bits(made.elements, widths_.output_bits);
  return moved;
}

Peaks StreamingEngine::peaks(int /*sent_bits*/) const {
  const auto& [m, n, r] = layer_.shape;
  // Operations in the middle both read and write their sums.
  const int sum_accesses = has_inside(kPsum) ? std::min(*r - 1, 2) : 0;
  Peaks peaks;
  peaks.memory[kInput] = word_bits(m, layer_.lanes_u, kActivationBits);
  peaks.memory[kU] = word_bits(m, layer_.lanes_u, widths_.u_bits);
  peaks.memory[kV] = word_bits(n, layer_.lanes_v, widths_.v_bits);
  peaks.memory[kPsum] = word_bits(n, layer_.lanes_v, sum_accesses * kSumBits);
  peaks.memory[kOutput] = word_bits(n, layer_.lanes_v, widths_.output_bits);
  peaks.layer = peak();
  return peaks;
}

std::uint64_t StreamingEngine::peak() const {
  // In every period DCL issues the tiles of one operation, DIL multiplies those of another, and
  // later the sums of a third or the same are stored, and outputs are made of them. These are the
  // phases in which one of the four begins, comes to its short last tile, or ends.
  const Cycle operation = products_.operation_period();
  const Cycle depth = products_.pipeline_depth();
  const Cycle short_tile = wrapped(-layer_.tile_period() - depth, operation);
  const std::array phases{Cycle{0},
                          operation,
                          short_tile,
                          short_tile + 1,
                          wrapped(-depth, operation),
                          tiles_v_ - 1,
                          tiles_v_,
                          wrapped(sum_drain_, period_),
                          wrapped(sum_drain_ + tiles_v_ - 1, period_),
                          wrapped(sum_drain_ + tiles_v_, period_),
                          wrapped(drain_, period_),
                          wrapped(drain_ + tiles_v_ - 1, period_),
                          wrapped(drain_ + tiles_v_, period_)};
  std::uint64_t most = total(bits_at(0));  // before the first transfer, DCL is alone
  for (auto phase = phases.begin(); phase != phases.end(); ++phase) {
    const bool is_new = std::find(phases.begin(), phase, *phase) == phase;
    if (is_new) most = std::max(most, peak_from(*phase));
  }
  return most;
}

std::uint64_t StreamingEngine::peak_from(Cycle phase) const {
  if (phase >= period_) return 0;
  const Cycle issue = layer_.tile_period();
  const Cycle aligned = phase + wrapped(-phase - products_.pipeline_depth(), issue);
  if (aligned == phase || aligned >= period_) return peak_at(phase);
  return std::max(peak_at(phase), peak_at(aligned));
}

/// Over all periods: the first of all, those in which sums of the first, the second and the last
/// operation are stored in this phase, and that in which outputs are. Nothing begins later that is
/// not there in one of them.
std::uint64_t StreamingEngine::peak_at(Cycle phase) const {
  const auto moved = [&](Cycle k) { return total(bits_in(k, phase)); };
  const Cycle late = periods_late(phase, sum_drain_);
  const std::uint64_t first = late > 0 ? moved(0) : 0;
  return std::max({first, moved(late), moved(late + 1), moved(late + rank_ - 1),
                   moved(periods_late(phase, drain_) + rank_ - 1)});
}

bool StreamingEngine::has_inside(MemoryId memory) const {
  return memory == kU || memory == kV ||
         (memory == kPsum && layer_.psum_storage == PsumStorage::memory);
}

MemoryArray StreamingEngine::accesses() const {
  const auto& [m, n, r] = layer_.shape;
  const Vectors columns_u{*r, m, layer_.lanes_u};
  const Vectors sums_kept{*r - 1, n, layer_.lanes_v};
  MemoryArray memories{};
  memories[kInput].reads = columns_u.accesses(kActivationBits);
  memories[kU].reads = columns_u.accesses(widths_.u_bits);
  memories[kV].reads = Vectors{*r, n, layer_.lanes_v}.accesses(widths_.v_bits);
  if (has_inside(kPsum)) {
    memories[kPsum].reads = memories[kPsum].writes = sums_kept.accesses(kSumBits);
  }
  memories[kOutput].writes = Vectors{1, n, layer_.lanes_v}.accesses(widths_.output_bits);
  return memories;
}

std::uint64_t StreamingEngine::port_bits() const {
  const auto& [m, n, r] = layer_.shape;
  const int sum_ports = has_inside(kPsum) ? 2 : 0;
  return word_bits(m, layer_.lanes_u, kActivationBits + widths_.u_bits) +
         word_bits(n, layer_.lanes_v, widths_.v_bits + widths_.output_bits + sum_ports * kSumBits);
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
