#include "sc_model/cycle_ledger.h"

namespace cfc {

Ledger CycleLedger::read(int open_entry, const sc_core::sc_time& clock_period) const {
  std::vector<sc_dt::uint64> times = times_;
  times[static_cast<std::size_t>(open_entry)] += sc_core::sc_time_stamp().value() - booked_until_;
  Ledger cycles;
  for (std::size_t entry = 0; entry < times.size(); ++entry) {
    const sc_dt::uint64 whole = times[entry] / clock_period.value();
    if (whole > 0) cycles.emplace(names_[entry], whole);
  }
  return cycles;
}

}  // namespace cfc
