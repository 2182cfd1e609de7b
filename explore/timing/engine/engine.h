#pragma once

#include <map>
#include <string>
#include <vector>

#include "configuration/configuration.h"
#include "explore/timing/engine/memories.h"

namespace cfc::explore {

/// What the calculators of one layer do in Run, which no link can change: the part of a layer that
/// a schedule is. The shell round it (LayerTimeline) has the links, the buffers and L-SCM. Cycles
/// count from the one in which Run begins (docs/reference/timing.md).
class Engine {
 public:
  virtual ~Engine() = default;

  const LayerConfiguration& layer() const { return layer_; }
  const LayerWidths& widths() const { return widths_; }

  /// Length of Run.
  virtual Cycle cycles() const = 0;

  /// For each beat of the output link, the first cycle in which the layer can offer it.
  virtual std::vector<Cycle> beats_available() const = 0;

  /// Cycles of one Run, by controller; idle ones left out.
  virtual std::map<std::string, Ledger> busy() const = 0;

  /// Whether the layer has the memory.
  bool has(MemoryId memory) const {
    return memory == kInput || memory == kOutput || has_inside(memory);
  }

  /// What the engine reads and writes in one Run; peaks are left 0. As everywhere here, what links
  /// write to the input memory and read from the output memory is not among it.
  virtual MemoryArray accesses() const = 0;

  /// Bits that the engine moves in a cycle of Run.
  virtual MemoryBits bits_at(Cycle cycle) const = 0;

  /// The most of `bits_at` over all of Run, in closed form. `sent_bits` are read from the output
  /// memory in the cycle after each result, where results are sent one by one: 0 for the engine by
  /// itself.
  virtual Peaks peaks(int sent_bits) const = 0;

  /// Bits that all ports of the engine's memories together can move in a cycle.
  virtual std::uint64_t port_bits() const = 0;

  virtual int multipliers() const = 0;
  /// Running sums held at a time.
  virtual int accumulators() const = 0;

 protected:
  Engine(const LayerConfiguration& layer, const LayerWidths& widths)
      : layer_(layer), widths_(widths) {}
  Engine(const Engine&) = default;

  /// Whether the engine has a memory besides the layer's input and output.
  virtual bool has_inside(MemoryId memory) const = 0;

  LayerConfiguration layer_;
  LayerWidths widths_;
};

}  // namespace cfc::explore
