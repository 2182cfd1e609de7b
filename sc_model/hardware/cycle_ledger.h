#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <systemc>

#include "configuration/statistics.h"

namespace cfc {

/// Books a controller's cycles to named entries (docs/reference/timing.md). A controller that slept
/// books its whole sleep when it next runs.
class CycleLedger {
 public:
  explicit CycleLedger(std::vector<const char*> names)
      : names_(std::move(names)), cycles_(names_.size()) {}

  /// A clock edge under reset: the cycle up to it is not booked.
  void skip_cycle() { newest_edge_ = now(); }

  /// The first clock edge after a reset, one cycle after the last edge under it.
  void begin() {
    const std::uint64_t time = now();
    period_ = time - newest_edge_;
    skipped_ = 0;
    newest_edge_ = time;
  }

  /// A clock edge. The cycle that it closes belongs to `entry`; those before it back to the edge
  /// booked last, if the controller slept, to `quiet_entry()`.
  template <typename QuietEntry>
  void book(int entry, const QuietEntry& quiet_entry) {
    const std::uint64_t time = now();
    const std::uint64_t elapsed = time - newest_edge_;
    newest_edge_ = time;
    ++at(entry);
    skipped_ = 0;
    if (elapsed == period_) return;
    skipped_ = elapsed / period_ - 1;
    at(quiet_entry()) += skipped_;
  }

  /// Time of the edge before the one that was booked last, if that is this one.
  std::uint64_t edge_before() const { return newest_edge_ - period_; }

  /// Edges that the controller slept through before this one.
  std::uint64_t skipped() const { return skipped_; }

  /// Whole cycles since the newest edge that was booked: those that the controller has slept
  /// through.
  std::uint64_t asleep() const { return period_ == 0 ? 0 : (now() - newest_edge_) / period_; }

  /// A clock period, once `begin` has been called.
  sc_core::sc_time period() const { return sc_core::sc_time::from_value(period_); }

  /// Everything booked, and the whole cycles since then under `quiet_entry`.
  Ledger read(int quiet_entry) const;

 private:
  static std::uint64_t now() { return sc_core::sc_time_stamp().value(); }
  std::uint64_t& at(int entry) { return cycles_[static_cast<std::size_t>(entry)]; }

  std::vector<const char*> names_;
  std::vector<std::uint64_t> cycles_;
  std::uint64_t newest_edge_{0};
  std::uint64_t period_{0};
  std::uint64_t skipped_{0};
};

}  // namespace cfc
