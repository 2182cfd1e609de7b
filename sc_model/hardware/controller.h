#pragma once

#include <cstdint>
#include <vector>

#include "sc_model/hardware/clocked_module.h"
#include "sc_model/hardware/cycle_ledger.h"
#include "sc_model/hardware/signal.h"

namespace cfc {

/// A clocked block with named states, every cycle of which is booked.
class Controller : public ClockedModule {
 public:
  /// Where the block's cycles went; cycles under reset are not counted.
  Ledger ledger() const { return ledger_.read(quiet_entry()); }

  /// The state in this cycle, by the paper's name.
  const char* state_name() const { return state_names()[static_cast<std::size_t>(state_code())]; }

  /// The same as the RTL encodes it: its place in `state_names`.
  virtual int state_code() const = 0;

  /// All states, by the paper's names.
  virtual std::vector<const char*> state_names() const = 0;

 protected:
  Controller(const sc_core::sc_module_name& name, std::vector<const char*> ledger_entries);

  /// To be called first in `reset`.
  void skip_cycle() {
    in_reset_ = true;
    ledger_.skip_cycle();
  }

  /// To be called first in `on_clock`: books the cycle that ends to `entry()`, and those that the
  /// block slept through before it to `quiet_entry()`.
  template <typename Entry, typename QuietEntry>
  void close_cycle(const Entry& entry, const QuietEntry& quiet_entry) {
    if (in_reset_) {
      in_reset_ = false;
      ledger_.begin();
    } else {
      ledger_.book(entry(), quiet_entry);
    }
  }

  /// Time of the edge that began the cycle that ends.
  std::uint64_t cycle_that_ends() const { return ledger_.edge_before(); }
  /// Edges that the block slept through before this one.
  std::uint64_t edges_skipped() const { return ledger_.skipped(); }
  /// Cycles slept through up to the one that is looked at now.
  std::uint64_t cycles_asleep() const { return ledger_.asleep(); }
  /// To be called last in `on_clock`: the next edge to be seen is the one `cycles` from now, or the
  /// first after a wake event. Until then every cycle is one of `quiet_entry`.
  void sleep_for(int cycles) { sleep_at_most(cycles * ledger_.period()); }
  /// Ledger entry of the cycles that the block sleeps through now.
  virtual int quiet_entry() const = 0;

 private:
  CycleLedger ledger_;
  bool in_reset_{true};
};

/// The state register of a controller, by the RTL's name.
Signal state_signal(const Controller& control);

}  // namespace cfc
