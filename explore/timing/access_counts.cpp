#include "explore/timing/access_counts.h"

namespace cfc::explore {

MemoryArray accesses_by_memory(const Engine& engine, int input_beat_width, std::uint64_t images) {
  const LayerConfiguration& layer = engine.layer();
  const Vectors taken{1, layer.shape.m, input_beat_width};
  const Vectors sent{1, layer.shape.n, layer.output_beat_width()};
  MemoryArray memories = engine.accesses();
  memories[kInput].writes = taken.accesses(kActivationBits);
  memories[kOutput].reads = sent.accesses(engine.widths().output_bits);
  for (MemoryStatistics& memory : memories) {
    memory.reads *= images;
    memory.writes *= images;
  }
  return memories;
}

}  // namespace cfc::explore
