#include "explore/timing/access_counts.h"

#include "explore/timing/engine_factory.h"

namespace cfc::explore {

MemoryArray accesses_by_memory(const LayerConfiguration& layer, const LayerWidths& widths,
                               int input_beat_width, std::uint64_t images) {
  return with_engine(layer, widths, [&](const Engine& engine) {
    return accesses_by_memory(engine, layer, widths, input_beat_width, images);
  });
}

MemoryArray accesses_by_memory(const Engine& engine, const LayerConfiguration& layer,
                               const LayerWidths& widths, int input_beat_width,
                               std::uint64_t images) {
  MemoryArray memories = engine.accesses();
  memories[kInput].writes = Vectors{1, layer.shape.m, input_beat_width}.accesses(kActivationBits);
  memories[kOutput].reads =
      Vectors{1, layer.shape.n, layer.output_beat_width()}.accesses(widths.output_bits);
  for (MemoryStatistics& memory : memories) {
    memory.reads *= images;
    memory.writes *= images;
  }
  return memories;
}

}  // namespace cfc::explore
