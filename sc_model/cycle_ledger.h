#pragma once

#include <cstddef>
#include <vector>

#include <systemc>

#include "sc_model/statistics.h"

namespace cfc {

/// Books a controller's cycles to named entries (docs/reference/timing.md). It measures from one
/// booking to the next, so a controller that sleeps books its whole sleep at once.
class CycleLedger {
 public:
  explicit CycleLedger(std::vector<const char*> names)
      : names_(std::move(names)), times_(names_.size()) {}

  /// Cycles up to now are not booked to anything (reset).
  void skip() { booked_until_ = sc_core::sc_time_stamp().value(); }

  /// All time since the last booking belongs to `entry`.
  void book(int entry) {
    const sc_dt::uint64 now = sc_core::sc_time_stamp().value();
    times_[static_cast<std::size_t>(entry)] += now - booked_until_;
    booked_until_ = now;
  }

  /// Whole cycles booked so far; the cycles not yet booked belong to `open_entry`.
  Ledger read(int open_entry, const sc_core::sc_time& clock_period) const;

 private:
  std::vector<const char*> names_;
  std::vector<sc_dt::uint64> times_;
  sc_dt::uint64 booked_until_{0};
};

}  // namespace cfc
