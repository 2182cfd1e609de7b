#pragma once

#include <algorithm>
#include <numeric>

#include "explore/timing/engine/memories.h"

namespace cfc::explore {

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
