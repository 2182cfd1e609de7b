#pragma once

#include <cstdint>
#include <vector>

#include "configuration/configuration.h"
#include "configuration/statistics.h"
#include "explore/timing/engine/layer_widths.h"

namespace cfc::explore {

/// What the accelerator does in a run of `images` images, to the cycle, by arithmetic on the times
/// of transfers instead of simulation. `images` is at least 1; `widths` are those of the network's
/// layers. As soon as the stream repeats itself, the rest costs no more time.
RunStatistics predict(const Configuration& configuration, const std::vector<LayerWidths>& widths,
                      std::uint64_t images);

/// The same without looking for repetition: what `predict` is tested against.
RunStatistics predict_every_image(const Configuration& configuration,
                                  const std::vector<LayerWidths>& widths, std::uint64_t images);

}  // namespace cfc::explore
