#include "tests/sc_model/link_stalls.h"

namespace cfc::testing {

LinkStall::LinkStall(const sc_core::sc_module_name& name, Link& upstream,
                     const sc_core::sc_time& clock_period, std::uint64_t seed)
    : sc_module(name),
      downstream("downstream"),
      upstream_(upstream),
      clock_period_(clock_period),
      generator_(seed) {
  SC_METHOD(toggle);  // from time 0 on, so always in the middle between two clock edges
  SC_METHOD(connect);
  sensitive << upstream_.valid << upstream_.data << downstream.ready << stalled_;
}

void LinkStall::toggle() {
  const bool stall = !stalled_.read();
  stalled_.write(stall);
  next_trigger(uniform(generator_, 1, stall ? 12 : 6) * clock_period_);
}

void LinkStall::connect() {
  downstream.valid.write(upstream_.valid.read() && !stalled_.read());
  upstream_.ready.write(downstream.ready.read() && !stalled_.read());
  downstream.data.write(upstream_.data.read());
}

Link& RandomStalls::insert(Link& upstream) {
  const std::string name = "stall_" + std::to_string(stalls_.size());
  stalls_.push_back(
      std::make_unique<LinkStall>(name.c_str(), upstream, clock_period_, seed_ + stalls_.size()));
  return stalls_.back()->downstream;
}

}  // namespace cfc::testing
