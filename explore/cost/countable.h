#pragma once

#include <cstdint>

#include "explore/workload/workload.h"

namespace cfc::explore {

/// Throws InputError where a count of `inferences` inferences may not fit in the 63 bits in which
/// results hold it.
void check_countable(const Configuration& configuration, const Workload& workload,
                     std::uint64_t inferences);

}  // namespace cfc::explore
