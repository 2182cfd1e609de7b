#pragma once

#include <vector>

#include "sc_model/hardware/clocked_module.h"
#include "sc_model/hardware/cycle_ledger.h"

namespace cfc {

/// One of the paper's controllers: a clocked block with named states, whose every cycle is booked.
class Controller : public ClockedModule {
 public:
  /// Where the block's cycles went; cycles under reset are not counted.
  Ledger ledger() const { return ledger_.read(quiet_entry()); }

  /// The state in this cycle, by the paper's name.
  virtual const char* state_name() const = 0;

  /// The same as the RTL encodes it.
  virtual int state_code() const = 0;

 protected:
  Controller(const sc_core::sc_module_name& name, std::vector<const char*> ledger_entries);

  /// Registers to their reset values, outputs accordingly.
  virtual void clear() = 0;
  /// Registers and outputs to those of the next cycle, or `sleep`.
  virtual void advance() = 0;
  /// Time of the edge that began the cycle that ends.
  std::uint64_t cycle_that_ends() const { return ledger_.edge_before(); }
  /// Edges that the block slept through before this one.
  int edges_skipped() const { return ledger_.skipped(); }
  /// Cycles slept through up to the one that is looked at now.
  int cycles_asleep() const { return static_cast<int>(ledger_.asleep()); }
  /// To be called last in `advance`: the next edge to be seen is the one `cycles` from now, or the
  /// first after a wake event. Until then every cycle is one of `quiet_entry`.
  void sleep_for(int cycles) { sleep_at_most(cycles * ledger_.period()); }
  /// Ledger entry of the cycle that ends.
  virtual int entry() const = 0;
  /// Ledger entry of a cycle in which nothing happens to the block: a function of its registers.
  virtual int quiet_entry() const = 0;

 private:
  void reset() final;
  void on_clock() final;

  CycleLedger ledger_;
  bool in_reset_{true};
};

}  // namespace cfc
