#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "platform/dram/dram_parameters.h"
#include "platform/dram/memory_timing.h"

namespace cfc {

/// One DRAM channel with an open-page, first come first served controller: banks with row hits,
/// misses (the bank is closed) and conflicts (another row is open), refresh of all banks, one data
/// bus. Times are counted in memory clocks. An address is row, bank, column, from the top; the
/// command bus is never the bottleneck and not modelled.
class DramTiming : public MemoryTiming {
 public:
  explicit DramTiming(DramParameters parameters);

  sc_core::sc_time schedule(const sc_core::sc_time& arrival, const MemoryAccess& access) override;

  /// Hits, misses, conflicts, activates, bursts, clocks in which data moved, energy by cause in pJ
  /// (from the data sheet's currents; without standby). Refreshes are those that were due, whether
  /// or not an access came to wait for them.
  std::map<std::string, double> statistics(const sc_core::sc_time& now) const override;

  /// Energy of standing by for a time, all devices: banks open, as an open-page controller has
  /// them.
  double standby_pj(double seconds) const;

 private:
  using Clock = std::int64_t;

  struct Bank {
    bool open{false};
    std::uint64_t row{0};
    Clock activate_from{0};   ///< the next ACTIVATE may come now
    Clock column_from{0};     ///< the next READ or WRITE
    Clock precharge_from{0};  ///< the next PRECHARGE
  };

  Clock burst(Clock arrival, std::uint64_t address, bool is_write);
  Clock open_row(Bank& bank, std::uint64_t row, Clock now);
  Clock activate(Bank& bank, std::uint64_t row, Clock from);
  Clock command_data(Bank& bank, Clock from, bool is_write);
  void refresh_before(Clock now);
  bool is_quiet() const;
  void skip_to_last_refresh(Clock now);
  Clock refresh();

  Clock to_clock(const sc_core::sc_time& time) const;  ///< the first clock edge not before

  const DramParameters dram_;
  const sc_core::sc_time period_;
  const Clock data_clocks_;
  std::vector<Bank> banks_;
  std::array<Clock, 4> last_activates_{};  ///< ring
  std::size_t oldest_activate_{0};
  Clock last_activate_;
  Clock read_from_{0};   ///< for the bus: the next READ of any bank
  Clock write_from_{0};  ///< the next WRITE
  Clock next_refresh_;

  std::uint64_t hits_{0};
  std::uint64_t misses_{0};
  std::uint64_t conflicts_{0};
  std::uint64_t read_bursts_{0};
  std::uint64_t write_bursts_{0};
};

}  // namespace cfc
