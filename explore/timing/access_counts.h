#pragma once

#include <map>
#include <string>

#include "explore/timing/engine.h"

namespace cfc::explore {

/// Statistics of each memory of a layer; a memory that the layer does not have is all 0.
using MemoryArray = std::array<MemoryStatistics, kMemories>;

/// Whether the layer has the memory (docs/reference/timing.md, "Accesses").
bool has_memory(const LayerConfiguration& layer, MemoryId memory);

/// Bits of an element of a memory.
int element_bits(const LayerWidths& widths, MemoryId memory);

/// What a layer's memories read and write for `images` images, in closed form and without
/// allocating; peaks are left 0. `input_beat_width` is that of the layer before.
MemoryArray accesses_by_memory(const LayerConfiguration& layer, const LayerWidths& widths,
                               int input_beat_width, std::uint64_t images);

/// The same by name, of the memories that the layer has.
std::map<std::string, MemoryStatistics> memory_accesses(const LayerConfiguration& layer,
                                                        const LayerWidths& widths,
                                                        int input_beat_width, std::uint64_t images);

/// The name of a memory in the statistics.
const char* name_of(MemoryId memory);

}  // namespace cfc::explore
