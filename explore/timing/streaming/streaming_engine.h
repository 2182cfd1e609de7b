#pragma once

#include "explore/timing/engine/dot_products.h"
#include "explore/timing/engine/engine.h"

namespace cfc::explore {

/// A DCL over U that hands its results to DIL over V. DCL's first result goes over at once; from
/// then on one goes over in every `period_` cycles, that of the slower of the two.
class StreamingEngine final : public Engine {
 public:
  StreamingEngine(const LayerConfiguration& layer, const LayerWidths& widths);

  Cycle cycles() const override;
  std::vector<Cycle> beats_available() const override;
  std::map<std::string, Ledger> busy() const override;
  MemoryArray accesses() const override;
  MemoryBits bits_at(Cycle cycle) const override;
  /// `sent_bits` changes nothing: all results are sent after Run.
  Peaks peaks(int sent_bits) const override;
  std::uint64_t port_bits() const override;
  int multipliers() const override { return layer_.lanes_u + layer_.lanes_v; }
  /// One in DCL, and DIL's n.
  int accumulators() const override { return 1 + layer_.shape.n; }

 private:
  bool has_inside(MemoryId memory) const override;
  /// Elements of the tile of V[k,:] that DIL multiplies in a phase of a period; 0: no tile.
  Cycle tile_elements(Cycle k, Cycle phase) const;
  /// Periods after the one in which DIL multiplied a tile, until it has come `drain` cycles further
  /// in a phase.
  Cycle periods_late(Cycle phase, Cycle drain) const {
    return drain / period_ + (phase < drain % period_ ? 1 : 0);
  }
  /// A tile of V that has come further: its operation, and its elements, 0 if there is none.
  struct Drained {
    Cycle k;
    Cycle elements;
  };
  /// What was multiplied `drain` cycles before a phase of the period in which DIL has z_k.
  Drained drained(Cycle k, Cycle phase, Cycle drain) const;
  /// What DCL reads in a cycle of its own, in which it does not stand still.
  void move_issued(MemoryBits& moved, Cycle cycle) const;
  /// `bits_at` in a phase of the period in which DIL has z_k.
  MemoryBits bits_in(Cycle k, Cycle phase) const;

  /// The most bits in a cycle: after the first transfer, what happens is constant between a few
  /// phases of a period.
  std::uint64_t peak() const;
  /// At a phase, and at the next one in which DCL can issue.
  std::uint64_t peak_from(Cycle phase) const;
  std::uint64_t peak_at(Cycle phase) const;

  DotProducts products_;
  Cycle rank_;
  Cycle tiles_v_;
  Cycle period_;
  Cycle sum_drain_;       ///< from the multiplication to the running sums
  Cycle drain_;           ///< D_v, to the outputs
  Cycle first_transfer_;  ///< of z_0 to DIL
};

}  // namespace cfc::explore
