#pragma once

#include "explore/timing/engine/dot_products.h"
#include "explore/timing/engine/engine.h"

namespace cfc::explore {

/// A DCL over U, then one over V.
class SequentialEngine final : public Engine {
 public:
  SequentialEngine(const LayerConfiguration& layer, const LayerWidths& widths);

  Cycle cycles() const override;
  std::vector<Cycle> beats_available() const override;
  std::map<std::string, Ledger> busy() const override;
  MemoryArray accesses() const override;
  MemoryBits bits_at(Cycle cycle) const override;
  Peaks peaks(int sent_bits) const override;
  std::uint64_t port_bits() const override;
  int multipliers() const override { return layer_.lanes_u + layer_.lanes_v; }
  int accumulators() const override { return 2; }

 private:
  bool has_inside(MemoryId memory) const override;

  DotProducts u_;
  DotProducts v_;
};

}  // namespace cfc::explore
