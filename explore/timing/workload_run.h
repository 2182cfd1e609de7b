#pragma once

#include <cstdint>

#include "configuration/statistics.h"
#include "explore/workload/workload.h"

namespace cfc::explore {

/// The machine of one chain, out of that of the whole workload: its vectors come in over a link of
/// `input_link_width` elements, as those of the first one do.
Configuration machine_of(const Configuration& whole, const Chain& chain);

/// Vectors that a chain sees in a stream of `inferences`.
std::uint64_t vectors_of(const Chain& chain, std::uint64_t inferences);

/// Adds what one chain did, once, for the vectors of `sum.images` inferences; counted as often as
/// it is repeated. `images` of its layers count their vectors.
void add_chain(RunStatistics& sum, const Chain& chain, RunStatistics run);

/// What the machine does in `inferences` inferences, at least 1, chain after chain, to the cycle.
RunStatistics predict(const Configuration& configuration, const Workload& workload,
                      std::uint64_t inferences);

}  // namespace cfc::explore
