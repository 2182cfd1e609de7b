#pragma once

#include <map>
#include <string>

#include "explore/engine.h"

namespace cfc::explore {

/// What a layer's memories read and write for `images` images, in closed form; peaks are left 0.
/// `input_beat_width` is that of the layer before.
std::map<std::string, MemoryStatistics> memory_accesses(const LayerConfiguration& layer,
                                                        const LayerWidths& widths,
                                                        int input_beat_width, std::uint64_t images);

/// The name of a memory in the statistics.
const char* name_of(MemoryId memory);

}  // namespace cfc::explore
