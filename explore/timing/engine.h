#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "configuration/configuration.h"
#include "configuration/statistics.h"
#include "explore/timing/layer_widths.h"

namespace cfc::explore {

/// A clock cycle, or a number of them.
using Cycle = std::int64_t;

/// The memories of a layer, as places in an array.
enum MemoryId : std::size_t { kInput, kU, kV, kW, kZ, kPsum, kOutput, kMemories };

constexpr int kActivationBits = 8;
constexpr int kPsumBits = 32;

/// Bits of `elements` elements of `width` bits.
constexpr std::uint64_t bits(Cycle elements, int width) {
  return static_cast<std::uint64_t>(elements) * static_cast<std::uint64_t>(width);
}

/// Bits that each memory moves in one cycle, read and written.
using MemoryBits = std::array<std::uint64_t, kMemories>;

/// Cycles `begin` to `end - 1`.
struct CycleRange {
  Cycle begin{};
  Cycle end{};
};

/// What the calculators of one layer do in Run, which no link can change: a function of the cycle
/// since Run began (docs/reference/timing.md).
class Engine {
 public:
  virtual ~Engine() = default;

  /// Length of Run.
  virtual Cycle cycles() const = 0;

  /// For each beat of the output link, the first cycle in which the layer can offer it.
  virtual std::vector<Cycle> beats_available() const = 0;

  /// Bits that the engine moves in a cycle of Run; what links read and write is not among them.
  virtual MemoryBits bits_at(Cycle cycle) const = 0;

  /// Cycles that together show whatever `bits_at` can be: the others repeat them.
  virtual std::vector<CycleRange> representative_cycles() const = 0;

  /// Cycles of one Run, by controller; idle ones left out.
  virtual std::map<std::string, Ledger> busy() const = 0;
};

std::unique_ptr<Engine> make_engine(const LayerConfiguration& layer, const LayerWidths& widths);

}  // namespace cfc::explore
