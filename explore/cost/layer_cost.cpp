#include "explore/cost/layer_cost.h"

#include <algorithm>

#include "explore/timing/dot_products.h"
#include "explore/timing/timing_model.h"

namespace cfc::explore {
namespace {

/// Bits of memories that dot products use: for an element of a tile, and for a result that is
/// written and, a cycle later, sent.
struct DotProductBits {
  int element{};
  int written{};
  int sent{};
};

/// The most bits that dot products move in a cycle. Fullest are the first cycle, or that in which
/// the first result is written, or that in which it is sent: later ones repeat them, with fewer
/// tiles left to issue.
std::uint64_t dot_product_peak(const DotProducts& products, const DotProductBits& width) {
  const auto moved = [&](Cycle cycle) {
    return bits(products.elements_issued(cycle), width.element) +
           bits(products.results(cycle), width.written) +
           bits(products.results(cycle - 1), width.sent);
  };
  const Cycle first_result = products.result_at(0);
  return std::max({moved(0), moved(first_result), moved(first_result + 1)});
}

std::uint64_t output_peak_one_by_one(const DotProducts& products, const LayerConfiguration& layer,
                                     int output_bits) {
  const bool written_while_sent = products.operation_period() == 1 && layer.shape.n > 1;
  return bits(written_while_sent ? 2 : 1, output_bits);
}

/// DCL and DIL side by side. In every period after the first transfer, DCL issues the tiles of one
/// operation, DIL multiplies those of another, and the sums of a third or the same, `drain_` later,
/// are stored. In a period, what happens is constant between a few phases at which one of the three
/// begins, comes to its short last tile, or ends.
class StreamingPeak {
 public:
  StreamingPeak(const LayerConfiguration& layer, const LayerWidths& widths)
      : layer_(layer),
        widths_(widths),
        products_(layer, *layer.shape.r, layer.shape.m, layer.lanes_u),
        rank_(*layer.shape.r),
        issue_period_(layer.tile_period()),
        operation_(products_.operation_period()),
        depth_(products_.pipeline_depth()),
        tiles_v_(layer.tiles_v()),
        period_(std::max(operation_, tiles_v_)),
        drain_(layer.multiply_latency),
        psum_bits_(has_memory(layer, kPsum) ? kPsumBits : 0) {}

  std::uint64_t peak() const {
    // Before the first transfer, DCL is alone.
    std::uint64_t most = issued_bits(0);
    const Cycle short_tile = (operation_ - issue_period_ - depth_ % operation_) % operation_;
    const Cycle drained = drain_ % period_;
    for (const Cycle phase :
         {Cycle{0}, operation_, wrapped(short_tile, operation_),
          wrapped(short_tile, operation_) + 1, wrapped(-depth_, operation_), tiles_v_ - 1, tiles_v_,
          drained, wrapped(drained + tiles_v_ - 1, period_),
          wrapped(drained + tiles_v_, period_)}) {
      most = std::max(most, peak_from(phase));
    }
    return most;
  }

 private:
  static Cycle wrapped(Cycle cycle, Cycle period) { return (cycle % period + period) % period; }

  /// At a phase, and at the next one in which DCL can issue.
  std::uint64_t peak_from(Cycle phase) const {
    if (phase >= period_) return 0;
    const Cycle aligned = (phase + issue_period_ - 1) / issue_period_ * issue_period_;
    if (aligned == phase || aligned >= period_) return peak_at(phase);
    return std::max(peak_at(phase), peak_at(aligned));
  }

  /// Over all periods: the first of all, and those of the first, second and last operation of which
  /// sums are stored in this phase. Nothing begins later that is not there in one of them.
  std::uint64_t peak_at(Cycle phase) const {
    const Cycle late = (drain_ - phase + period_ - 1 + period_) / period_ - 1;
    std::uint64_t most = moved(0, phase, late);
    for (const Cycle operation : {Cycle{0}, Cycle{1}, rank_ - 1}) {
      most = std::max(most, moved(std::max<Cycle>(operation + late, 0), phase, late));
    }
    return most;
  }

  std::uint64_t moved(Cycle period, Cycle phase, Cycle late) const {
    const Cycle issue = (period + 1) * operation_ + depth_ + phase;
    const std::uint64_t dcl = phase < operation_ ? issued_bits(issue) : 0;
    const std::uint64_t dil = period < rank_ ? bits(tile_elements(phase), widths_.v_bits) : 0;
    return dcl + dil + stored_bits(period - late, phase + late * period_ - drain_);
  }

  std::uint64_t issued_bits(Cycle cycle) const {
    return bits(products_.elements_issued(cycle), kActivationBits + widths_.u_bits);
  }

  /// Sums of a tile of an operation, kept and, after the last one, given to the output memory.
  std::uint64_t stored_bits(Cycle operation, Cycle tile) const {
    if (operation < 0 || operation >= rank_) return 0;
    const bool is_last = operation == rank_ - 1;
    const int accesses = (operation > 0 ? 1 : 0) + (is_last ? 0 : 1);
    return bits(tile_elements(tile), accesses * psum_bits_ + (is_last ? widths_.output_bits : 0));
  }

  Cycle tile_elements(Cycle tile) const {
    if (tile < 0 || tile >= tiles_v_) return 0;
    return std::min<Cycle>(layer_.lanes_v, layer_.shape.n - tile * layer_.lanes_v);
  }

  const LayerConfiguration& layer_;
  const LayerWidths& widths_;
  DotProducts products_;
  Cycle rank_;
  Cycle issue_period_;
  Cycle operation_;
  Cycle depth_;
  Cycle tiles_v_;
  Cycle period_;
  Cycle drain_;
  int psum_bits_;
};

/// The widest word of a vector.
std::uint64_t word(int elements, int width, int element_bits) {
  return bits(std::min(elements, width), element_bits);
}

/// Peaks of Run, of each memory and of all together. Returns the latter.
std::uint64_t set_run_peaks(MemoryArray& memories, const LayerConfiguration& layer,
                            const LayerWidths& widths) {
  const auto& [m, n, rank] = layer.shape;
  const auto set = [&](MemoryId memory, std::uint64_t peak) {
    memories[memory].peak_bits_per_cycle = peak;
  };
  set(kInput, word(m, layer.lanes_u, kActivationBits));
  if (layer.schedule == Schedule::dense) {
    set(kW, word(m, layer.lanes_u, widths.weights_bits));
    const DotProducts w(layer, n, m, layer.lanes_u);
    set(kOutput, output_peak_one_by_one(w, layer, widths.output_bits));
    return dot_product_peak(
        w, {kActivationBits + widths.weights_bits, widths.output_bits, widths.output_bits});
  }
  set(kU, word(m, layer.lanes_u, widths.u_bits));
  if (layer.schedule == Schedule::sequential) {
    set(kZ, word(*rank, layer.lanes_v, widths.z_bits));
    set(kV, word(*rank, layer.lanes_v, widths.v_bits));
    const DotProducts u(layer, *rank, m, layer.lanes_u);
    const DotProducts v(layer, n, *rank, layer.lanes_v);
    set(kOutput, output_peak_one_by_one(v, layer, widths.output_bits));
    return std::max(dot_product_peak(u, {kActivationBits + widths.u_bits, widths.z_bits, 0}),
                    dot_product_peak(v, {widths.z_bits + widths.v_bits, widths.output_bits,
                                         widths.output_bits}));
  }
  set(kV, word(n, layer.lanes_v, widths.v_bits));
  // Operations in the middle both read and write their sums.
  const int sum_accesses = has_memory(layer, kPsum) ? std::min(*rank - 1, 2) : 0;
  set(kPsum, word(n, layer.lanes_v, sum_accesses * kPsumBits));
  set(kOutput, word(n, layer.lanes_v, widths.output_bits));
  return StreamingPeak(layer, widths).peak();
}

void count_hardware(LayerCost& cost, const LayerConfiguration& layer) {
  const bool has_factors = layer.schedule != Schedule::dense;
  cost.multipliers = static_cast<std::uint64_t>(layer.lanes_u);
  if (has_factors) cost.multipliers += static_cast<std::uint64_t>(layer.lanes_v);
  // A DCL sums one dot product at a time, DIL all n outputs.
  switch (layer.schedule) {
    case Schedule::dense:
      cost.accumulators = 1;
      break;
    case Schedule::sequential:
      cost.accumulators = 2;
      break;
    case Schedule::streaming:
      cost.accumulators = 1 + static_cast<std::uint64_t>(layer.shape.n);
      break;
  }
  for (const MemoryId weights : {kU, kV, kW}) {
    cost.multiplications += cost.memories[weights].reads.elements;
  }
}

}  // namespace

LayerCost layer_cost(const LayerConfiguration& layer, const LayerWidths& widths,
                     int input_beat_width) {
  LayerCost cost;
  cost.compute_cycles = compute_cycles(layer);
  cost.operations = static_cast<std::uint64_t>(layer.operations());
  cost.memories = accesses_by_memory(layer, widths, input_beat_width, 1);
  count_hardware(cost, layer);

  const std::uint64_t beats_in = cost.memories[kInput].writes.words;
  const bool sends_at_the_end = layer.schedule == Schedule::streaming;
  const std::uint64_t beats_left = sends_at_the_end ? cost.memories[kOutput].reads.words : 1;
  cost.latency_cycles = beats_in + 1 + cost.compute_cycles + beats_left;

  cost.run_peak_bits_per_cycle = set_run_peaks(cost.memories, layer, widths);
  const std::uint64_t taken = word(layer.shape.m, input_beat_width, kActivationBits);
  const std::uint64_t sent = word(layer.shape.n, layer.output_beat_width(), widths.output_bits);
  const auto raise = [&](MemoryId memory, std::uint64_t peak) {
    std::uint64_t& known = cost.memories[memory].peak_bits_per_cycle;
    known = std::max(known, peak);
  };
  raise(kInput, taken);
  raise(kOutput, sent);
  cost.peak_bits_per_cycle = std::max({cost.run_peak_bits_per_cycle, taken, sent});
  return cost;
}

}  // namespace cfc::explore
