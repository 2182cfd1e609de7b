#pragma once

#include <vector>

#include "configuration/configuration.h"
#include "configuration/statistics.h"
#include "explore/timing/engine/memories.h"

namespace cfc::explore {

/// Bits that move for each element of a tile, with each result, and in the cycle after it.
struct DotProductBits {
  int element{};
  int result{};
  int sent{};
};

/// A DCL at work: `operations` dot products of `depth` elements, tile by tile. Cycles count from
/// the one in which the first tile is issued and do not count those in which the engine stands
/// still.
class DotProducts {
 public:
  DotProducts(const LayerConfiguration& layer, Cycle operations, Cycle depth, Cycle lanes);

  /// Cycles from one result to the next: II x tiles.
  Cycle operation_period() const { return issue_period_ * tiles_; }
  /// D.
  Cycle pipeline_depth() const { return pipeline_depth_; }
  Cycle cycles() const { return operations_ * operation_period() + pipeline_depth_; }

  /// The cycle in which result number `operation` is offered.
  Cycle result_at(Cycle operation) const {
    return (operation + 1) * operation_period() - 1 + pipeline_depth_;
  }
  /// Results offered in a cycle: 0 or 1.
  int results(Cycle cycle) const;
  /// Elements in the tile that is issued in a cycle; 0 if none is.
  Cycle elements_issued(Cycle cycle) const;

  /// For each result the cycle after it, if the dot products begin in cycle `begin`.
  std::vector<Cycle> after_results(Cycle begin) const;

  /// The most bits that move in a cycle.
  std::uint64_t peak(const DotProductBits& width) const;
  /// The same of results alone.
  std::uint64_t result_peak(const DotProductBits& width) const;

  /// All cycles of the dot products; standing still is not among them.
  Ledger busy() const;

 private:
  bool overlapped_;
  Cycle read_latency_;
  Cycle multiply_latency_;
  Cycle adder_latency_;
  Cycle issue_period_;    ///< II
  Cycle retire_depth_;    ///< of D, up to the accumulator
  Cycle pipeline_depth_;  ///< D
  Cycle operations_;
  Cycle depth_;
  Cycle lanes_;
  Cycle tiles_;
};

}  // namespace cfc::explore
