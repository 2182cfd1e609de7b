#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include <systemc>

#include "sc_model/accelerator.h"
#include "tests/support/random_networks.h"

namespace cfc::testing {

/// Stands in a link and breaks it off for random numbers of cycles: neither side sees the other.
class LinkStall : public sc_core::sc_module {
 public:
  LinkStall(const sc_core::sc_module_name& name, Link& upstream, const sc_core::sc_time& clock_period,
            std::uint64_t seed);
  Link downstream;

 private:
  SC_HAS_PROCESS(LinkStall);
  void toggle();
  void connect();

  Link& upstream_;
  const sc_core::sc_time clock_period_;
  Generator generator_;
  sc_core::sc_signal<bool> stalled_{"stalled"};
};

/// Puts a LinkStall into every link.
class RandomStalls : public LinkTap {
 public:
  RandomStalls(double clock_period_ns, std::uint64_t seed)
      : clock_period_(clock_period_ns, sc_core::SC_NS), seed_(seed) {}
  Link& insert(Link& upstream) override;

 private:
  const sc_core::sc_time clock_period_;
  std::uint64_t seed_;
  std::vector<std::unique_ptr<LinkStall>> stalls_;
};

}  // namespace cfc::testing
