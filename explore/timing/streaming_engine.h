#pragma once

#include "explore/timing/dot_products.h"
#include "explore/timing/engine.h"

namespace cfc::explore {

/// A DCL over U that hands its results to DIL over V. DCL's first result goes over at once; from
/// then on one goes over in every `period_` cycles, whichever of the two is the slower.
class StreamingEngine : public Engine {
 public:
  StreamingEngine(const LayerConfiguration& layer, const LayerWidths& widths);

  Cycle cycles() const override;
  std::vector<Cycle> beats_available() const override;
  MemoryBits bits_at(Cycle cycle) const override;
  std::vector<CycleRange> representative_cycles() const override;
  std::map<std::string, Ledger> busy() const override;

 private:
  /// A tile of DIL.
  struct Tile {
    Cycle operation{};
    Cycle elements{};  ///< 0: no tile
  };

  /// The tile that is multiplied in a cycle.
  Tile tile_at(Cycle cycle) const;
  /// Elements of the tile that DCL issues in a cycle.
  Cycle elements_issued(Cycle cycle) const;

  LayerConfiguration layer_;
  LayerWidths widths_;
  DotProducts products_;
  Cycle rank_;
  Cycle tiles_v_;
  Cycle period_;
  Cycle drain_;           ///< D_v
  Cycle first_transfer_;  ///< of z_0 to DIL
};

}  // namespace cfc::explore
