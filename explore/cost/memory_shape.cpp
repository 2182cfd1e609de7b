#include "explore/cost/memory_shape.h"

#include "explore/timing/engine_factory.h"

namespace cfc::explore {
namespace {

/// What the calculators read or write, in words of up to their lanes.
Vectors contents(const LayerConfiguration& layer, MemoryId memory) {
  const int m = layer.shape.m;
  const int n = layer.shape.n;
  const int r = layer.shape.r.value_or(0);
  const int vector_v = traits_of(layer.schedule).vector_v(layer.shape);
  switch (memory) {
    case kInput:
      return {layer.input_buffers, m, layer.lanes_u};
    case kU:
      return {r, m, layer.lanes_u};
    case kV:
      return {Cycle{r} * n / vector_v, vector_v, layer.lanes_v};
    case kW:
      return {n, m, layer.lanes_u};
    case kZ:
      return {1, r, layer.lanes_v};
    case kPsum:
      return {1, n, layer.lanes_v};
    default:
      return {1, n, layer.sends_at_the_end() ? layer.lanes_v : 1};
  }
}

bool has_memory(const LayerConfiguration& layer, const LayerWidths& widths, MemoryId memory) {
  return with_engine(layer, widths, [&](const Engine& engine) { return engine.has(memory); });
}

}  // namespace

MemoryShape memory_shape(const LayerConfiguration& layer, const LayerWidths& widths,
                         MemoryId memory) {
  if (!has_memory(layer, widths, memory)) return {};
  const Vectors held = contents(layer, memory);
  const int width = element_bits(widths, memory);
  const AccessCounters all = held.accesses(width);
  return {all.words, word_bits(held.elements, held.width, width), all.bits};
}

}  // namespace cfc::explore
