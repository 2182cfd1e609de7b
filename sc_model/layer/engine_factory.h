#pragma once

#include <memory>

#include "sc_model/layer/engine/engine.h"

namespace cfc {

/// The engine of the schedule that `configuration` says, over the weights of `layer`, which must
/// suit it. `peak` sums up all memories of the layer.
std::unique_ptr<Engine> make_engine(const golden::Layer& layer,
                                    const LayerConfiguration& configuration, PeakMeter& peak);

}  // namespace cfc
