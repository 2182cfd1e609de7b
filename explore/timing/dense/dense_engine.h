#pragma once

#include "explore/timing/engine/dot_products.h"
#include "explore/timing/engine/engine.h"

namespace cfc::explore {

/// A DCL over W.
class DenseEngine final : public Engine {
 public:
  DenseEngine(const LayerConfiguration& layer, const LayerWidths& widths);

  Cycle cycles() const override;
  std::vector<Cycle> beats_available() const override;
  std::map<std::string, Ledger> busy() const override;
  MemoryArray accesses() const override;
  MemoryBits bits_at(Cycle cycle) const override;
  Peaks peaks(int sent_bits) const override;
  std::uint64_t port_bits() const override;
  int multipliers() const override { return layer_.lanes_u; }
  int accumulators() const override { return 1; }

 private:
  bool has_inside(MemoryId memory) const override { return memory == kW; }

  DotProducts products_;
};

}  // namespace cfc::explore
