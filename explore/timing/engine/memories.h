#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "configuration/configuration.h"
#include "configuration/statistics.h"
#include "explore/timing/engine/layer_widths.h"

namespace cfc::explore {

/// A clock cycle, or a number of them or of what happens in them.
using Cycle = std::int64_t;

/// The memories that a layer can have, as places in an array.
enum MemoryId : std::size_t { kInput, kU, kV, kW, kZ, kPsum, kOutput, kMemories };

/// Those whose elements are multiplied, each once for each time that it is read.
inline constexpr std::array kWeightMemories{kU, kV, kW};

/// The name of a memory in the statistics.
const char* name_of(MemoryId memory);

/// Bits of an element of a memory.
int element_bits(const LayerWidths& widths, MemoryId memory);

/// Bits that each memory moves in one cycle, read and written.
using MemoryBits = std::array<std::uint64_t, kMemories>;

/// Statistics of each memory of a layer; a memory that the layer does not have is all 0.
using MemoryArray = std::array<MemoryStatistics, kMemories>;

/// Products that the reads of weights make.
std::uint64_t products(const MemoryArray& memories);

/// Bits of `elements` elements of `width` bits.
constexpr std::uint64_t bits(Cycle elements, int width) {
  return static_cast<std::uint64_t>(elements) * static_cast<std::uint64_t>(width);
}

/// Bits of the widest word of a vector of `elements` elements that goes in words of up to `width`.
constexpr std::uint64_t word_bits(int elements, int width, int element_bits) {
  return bits(std::min(elements, width), element_bits);
}

/// `vectors` vectors of `elements` elements, in words of up to `width`.
struct Vectors {
  Cycle vectors{};
  int elements{};
  int width{1};

  AccessCounters accesses(int element_bits) const {
    const auto words = static_cast<std::uint64_t>(LayerConfiguration::ceil_div(elements, width));
    return {static_cast<std::uint64_t>(vectors) * words, bits(vectors, elements),
            bits(vectors, elements) * static_cast<std::uint64_t>(element_bits)};
  }
};

inline std::uint64_t total(const MemoryBits& moved) {
  return std::accumulate(moved.begin(), moved.end(), std::uint64_t{0});
}

/// The most bits moved in one cycle, by each memory and by all together.
struct Peaks {
  MemoryBits memory{};
  std::uint64_t layer{};

  /// Takes in a cycle in which this and nothing else moved.
  void book(const MemoryBits& moved) {
    for (std::size_t i = 0; i < kMemories; ++i) memory[i] = std::max(memory[i], moved[i]);
    layer = std::max(layer, total(moved));
  }
};

}  // namespace cfc::explore
