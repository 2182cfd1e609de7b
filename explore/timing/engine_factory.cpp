#include "explore/timing/engine_factory.h"

#include <type_traits>

namespace cfc::explore {

std::unique_ptr<Engine> make_engine(const LayerConfiguration& layer, const LayerWidths& widths) {
  return with_engine(layer, widths, [](const auto& engine) -> std::unique_ptr<Engine> {
    return std::make_unique<std::decay_t<decltype(engine)>>(engine);
  });
}

}  // namespace cfc::explore
