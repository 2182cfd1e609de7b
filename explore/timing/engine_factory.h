#pragma once

#include <memory>
#include <stdexcept>
#include <type_traits>

#include "explore/timing/dense/dense_engine.h"
#include "explore/timing/sequential/sequential_engine.h"
#include "explore/timing/streaming/streaming_engine.h"

namespace cfc::explore {

/// Calls `visit` with the engine of the layer, which lives as long as the call. Allocates nothing.
template <typename Visit>
auto with_engine(const LayerConfiguration& layer, const LayerWidths& widths, const Visit& visit) {
  switch (layer.schedule) {
    case Schedule::dense:
      return visit(DenseEngine(layer, widths));
    case Schedule::sequential:
      return visit(SequentialEngine(layer, widths));
    case Schedule::streaming:
      return visit(StreamingEngine(layer, widths));
  }
  throw std::logic_error("a schedule without an engine in the timing model");
}

inline std::unique_ptr<Engine> make_engine(const LayerConfiguration& layer,
                                           const LayerWidths& widths) {
  return with_engine(layer, widths, [](const auto& engine) -> std::unique_ptr<Engine> {
    return std::make_unique<std::decay_t<decltype(engine)>>(engine);
  });
}

}  // namespace cfc::explore
