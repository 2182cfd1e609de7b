#include "explore/timing/engine.h"

#include <algorithm>

#include "explore/timing/dot_products.h"
#include "explore/timing/streaming_engine.h"

namespace cfc::explore {
namespace {

/// Beats of one element, each offered in the cycle after its result; `begin` is when the dot
/// products begin.
std::vector<Cycle> beats_of_results(const DotProducts& products, Cycle count, Cycle begin) {
  std::vector<Cycle> beats;
  for (Cycle k = 0; k < count; ++k) beats.push_back(begin + products.result_at(k) + 1);
  return beats;
}

/// A DCL over W.
class DenseEngine : public Engine {
 public:
  DenseEngine(const LayerConfiguration& layer, const LayerWidths& widths)
      : widths_(widths),
        outputs_(layer.shape.n),
        products_(layer, layer.shape.n, layer.shape.m, layer.lanes_u) {}

  Cycle cycles() const override { return products_.cycles(); }
  std::vector<Cycle> beats_available() const override {
    return beats_of_results(products_, outputs_, 0);
  }
  MemoryBits bits_at(Cycle cycle) const override {
    MemoryBits moved{};
    const Cycle elements = products_.elements_issued(cycle);
    moved[kInput] = bits(elements, kActivationBits);
    moved[kW] = bits(elements, widths_.weights_bits);
    moved[kOutput] = bits(products_.results(cycle), widths_.output_bits);
    return moved;
  }
  std::vector<CycleRange> representative_cycles() const override {
    return products_.representative_cycles();
  }
  std::map<std::string, Ledger> busy() const override { return {{"dcl", products_.busy()}}; }

 private:
  LayerWidths widths_;
  Cycle outputs_;
  DotProducts products_;
};

/// A DCL over U, then one over V.
class SequentialEngine : public Engine {
 public:
  SequentialEngine(const LayerConfiguration& layer, const LayerWidths& widths)
      : widths_(widths),
        outputs_(layer.shape.n),
        u_(layer, *layer.shape.r, layer.shape.m, layer.lanes_u),
        v_(layer, layer.shape.n, *layer.shape.r, layer.lanes_v) {}

  Cycle cycles() const override { return u_.cycles() + v_.cycles(); }
  std::vector<Cycle> beats_available() const override {
    return beats_of_results(v_, outputs_, u_.cycles());
  }
  MemoryBits bits_at(Cycle cycle) const override {
    MemoryBits moved{};
    if (cycle < u_.cycles()) {
      const Cycle elements = u_.elements_issued(cycle);
      moved[kInput] = bits(elements, kActivationBits);
      moved[kU] = bits(elements, widths_.u_bits);
      moved[kZ] = bits(u_.results(cycle), widths_.z_bits);
    } else {
      const Cycle elements = v_.elements_issued(cycle - u_.cycles());
      moved[kZ] = bits(elements, widths_.z_bits);
      moved[kV] = bits(elements, widths_.v_bits);
      moved[kOutput] = bits(v_.results(cycle - u_.cycles()), widths_.output_bits);
    }
    return moved;
  }
  std::vector<CycleRange> representative_cycles() const override {
    std::vector<CycleRange> ranges = u_.representative_cycles();
    for (const CycleRange& range : v_.representative_cycles()) {
      ranges.push_back({u_.cycles() + range.begin, u_.cycles() + range.end});
    }
    return ranges;
  }
  std::map<std::string, Ledger> busy() const override {
    return {{"dcl_u", u_.busy()}, {"dcl_v", v_.busy()}};
  }

 private:
  LayerWidths widths_;
  Cycle outputs_;
  DotProducts u_;
  DotProducts v_;
};

}  // namespace

std::unique_ptr<Engine> make_engine(const LayerConfiguration& layer, const LayerWidths& widths) {
  switch (layer.schedule) {
    case Schedule::dense:
      return std::make_unique<DenseEngine>(layer, widths);
    case Schedule::sequential:
      return std::make_unique<SequentialEngine>(layer, widths);
    case Schedule::streaming:
      return std::make_unique<StreamingEngine>(layer, widths);
  }
  return nullptr;
}

}  // namespace cfc::explore
