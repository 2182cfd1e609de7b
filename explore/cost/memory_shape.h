#pragma once

#include <cstdint>

#include "explore/timing/engine/memories.h"

namespace cfc::explore {

/// A memory as it is built.
struct MemoryShape {
  std::uint64_t words{};
  std::uint64_t word_bits{};
  /// What is held in it: a short last word of a vector leaves the rest of its bits unused, so this
  /// can be below words x word_bits.
  std::uint64_t capacity_bits{};
};

/// A memory of a layer, both input buffers included; all 0 where the layer does not have it. The
/// word is that of the calculator's side, a tile or a single result, whatever the width of the link
/// on the other side.
MemoryShape memory_shape(const LayerConfiguration& layer, const LayerWidths& widths,
                         MemoryId memory);

}  // namespace cfc::explore
