#pragma once

#include <systemc>

#include "testbench/link_break.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {

/// Breaks every link of an accelerator off for random numbers of cycles.
class RandomStalls : public sc_core::sc_module {
 public:
  RandomStalls(const sc_core::sc_module_name& name, LinkBreaks& breaks, double clock_period_ns,
               std::uint64_t seed);

 private:
  SC_HAS_PROCESS(RandomStalls);
  void on_cycle();

  LinkBreaks& breaks_;
  const sc_core::sc_time clock_period_;
  Generator generator_;
};

}  // namespace cfc::testing
