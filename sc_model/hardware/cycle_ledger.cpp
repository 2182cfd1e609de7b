#include "sc_model/hardware/cycle_ledger.h"

namespace cfc {

Ledger CycleLedger::read(int quiet_entry) const {
  Ledger booked;
  for (std::size_t entry = 0; entry < cycles_.size(); ++entry) {
    std::uint64_t cycles = cycles_[entry];
    const bool is_quiet = static_cast<int>(entry) == quiet_entry;
    if (is_quiet) cycles += asleep();
    if (cycles > 0) booked.emplace(names_[entry], cycles);
  }
  return booked;
}

}  // namespace cfc
