#pragma once

#include "configuration/configuration_file.h"
#include "explore/silicon/technology.h"

namespace cfc::explore {

/// The machine that settings make for a workload, as `resolve` without a technology. Where they say
/// `clock_period_ns: synthesised`, its clock is the one that `technology` allows it; null, which is
/// no technology, is then an InputError that names where they say so.
Configuration resolve(const Settings& settings, const Workload& workload,
                      const Technology* technology);

/// Gives a machine that was changed after it was resolved with `technology` its own clock again; a
/// configured clock stays.
void update_clock(Configuration& machine, const Workload& workload, const Technology* technology);

}  // namespace cfc::explore
