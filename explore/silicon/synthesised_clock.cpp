#include "explore/silicon/synthesised_clock.h"

#include <cmath>

namespace cfc::explore {
namespace {

/// The shortest clock period, ns, that is no shorter than this one.
double round_up(double period_ns) {
  constexpr double kStepsPerNs = 500;
  static_assert(kStepsPerNs * kClockStepNs == 1);
  constexpr double kRounding = 1e-6;  // of a step: 7.1 is one, whatever its last bit
  return std::ceil(period_ns * kStepsPerNs - kRounding) / kStepsPerNs;
}

ClockOrigin clock_origin(Origin origin) {
  return origin == Origin::synthesised ? ClockOrigin::synthesised : ClockOrigin::fitted;
}

void set_clock(Configuration& machine, const Workload& workload, const Technology& technology) {
  const Silicon silicon = technology.evaluate(machine, workload);
  machine.clock_period_ns = round_up(silicon.period_ns());
  machine.clock_origin = clock_origin(silicon.origin());
}

}  // namespace

Configuration resolve(const Settings& settings, const Workload& workload,
                      const Technology* technology) {
  if (!technology || !settings.asks_for_synthesised_clock()) return resolve(settings, workload);
  Settings without_clock = settings;
  without_clock.clock_period_ns.reset();
  Configuration machine = resolve(without_clock, workload);
  set_clock(machine, workload, *technology);
  return machine;
}

void update_clock(Configuration& machine, const Workload& workload, const Technology* technology) {
  if (machine.clock_origin == ClockOrigin::configured) return;
  set_clock(machine, workload, *technology);
}

}  // namespace cfc::explore
