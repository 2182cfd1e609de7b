#include "tests/helpers/link_stalls.h"

namespace cfc::testing {

RandomStalls::RandomStalls(const sc_core::sc_module_name& name, LinkBreaks& breaks,
                           double clock_period_ns, std::uint64_t seed)
    : sc_module(name),
      breaks_(breaks),
      clock_period_(clock_period_ns, sc_core::SC_NS),
      generator_(seed) {
  SC_METHOD(on_cycle);  // from time 0 on, so always in the middle between two clock edges
}

void RandomStalls::on_cycle() {
  constexpr int kMeanCycles = 6;
  for (std::size_t link = 0; link < breaks_.size(); ++link) {
    if (uniform(generator_, 1, kMeanCycles) == 1) breaks_[link].set(!breaks_[link].is_broken());
  }
  next_trigger(clock_period_);
}

}  // namespace cfc::testing
