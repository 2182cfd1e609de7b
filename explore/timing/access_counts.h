#pragma once

#include "explore/timing/engine/engine.h"

namespace cfc::explore {

/// What the memories of the engine's layer read and write for `images` images, in closed form and
/// without allocating; peaks are left 0. `input_beat_width` is that of the layer before.
MemoryArray accesses_by_memory(const Engine& engine, int input_beat_width, std::uint64_t images);

}  // namespace cfc::explore
