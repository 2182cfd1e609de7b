#include "platform/dram/dram_timing.h"

#include <algorithm>

namespace cfc {
namespace {

constexpr std::int64_t kLongAgo = -1'000'000'000;

}  // namespace

DramTiming::DramTiming(DramParameters parameters)
    : dram_(std::move(parameters)),
      period_(dram_.clock_period_ns, sc_core::SC_NS),
      data_clocks_(std::max(1, dram_.burst_length / 2)),
      banks_(static_cast<std::size_t>(dram_.banks)),
      last_activate_(kLongAgo),
      next_refresh_(dram_.refi) {
  last_activates_.fill(kLongAgo);
}

DramTiming::Clock DramTiming::to_clock(const sc_core::sc_time& time) const {
  return static_cast<Clock>((time.value() + period_.value() - 1) / period_.value());
}

sc_core::sc_time DramTiming::schedule(const sc_core::sc_time& arrival, const MemoryAccess& access) {
  const Clock now = to_clock(arrival);
  const std::uint64_t size = dram_.burst_bytes();
  const std::uint64_t end = access.address + std::max(1U, access.bytes);
  Clock last_data = now;
  for (std::uint64_t address = access.address / size * size; address < end; address += size) {
    last_data = burst(now, address, access.is_write);
  }
  return static_cast<double>(last_data) * period_ +
         sc_core::sc_time(dram_.controller_latency_ns, sc_core::SC_NS);
}

DramTiming::Clock DramTiming::burst(Clock arrival, std::uint64_t address, bool is_write) {
  const std::uint64_t row_number = address / dram_.row_bytes();
  Bank& bank = banks_[row_number % banks_.size()];
  refresh_before(std::max(arrival, is_write ? write_from_ : read_from_));
  const Clock ready = open_row(bank, row_number / banks_.size(), arrival);
  return command_data(bank, ready, is_write);
}

/// All that are due up to `now`, and up to the end of the last one.
void DramTiming::refresh_before(Clock now) {
  while (next_refresh_ <= now) {
    if (is_quiet()) skip_to_last_refresh(now);
    now = std::max(now, refresh());
  }
}

/// True where the next refresh finds every bank closed and ready, and so leaves it as the one
/// before did.
bool DramTiming::is_quiet() const {
  return std::all_of(banks_.begin(), banks_.end(), [this](const Bank& bank) {
    return !bank.open && bank.activate_from <= next_refresh_;
  });
}

/// A long pause must not cost time for each of its refreshes.
void DramTiming::skip_to_last_refresh(Clock now) {
  next_refresh_ += (now - next_refresh_) / dram_.refi * dram_.refi;
}

/// All banks are closed and busy for a while; returns when that ends.
DramTiming::Clock DramTiming::refresh() {
  Clock begin = next_refresh_;
  for (const Bank& bank : banks_) {
    const Clock closed =
        bank.open ? std::max(next_refresh_, bank.precharge_from) + dram_.rp : bank.activate_from;
    begin = std::max(begin, closed);
  }
  for (Bank& bank : banks_) {
    bank.open = false;
    bank.activate_from = begin + dram_.rfc;
  }
  next_refresh_ += dram_.refi;
  return begin + dram_.rfc;
}

/// Returns the clock from which `row` takes READ and WRITE.
DramTiming::Clock DramTiming::open_row(Bank& bank, std::uint64_t row, Clock now) {
  if (bank.open && bank.row == row) {
    ++hits_;
    return std::max(now, bank.column_from);
  }
  if (!bank.open) {
    ++misses_;
    return activate(bank, row, now);
  }
  ++conflicts_;
  const Clock precharge = std::max(now, bank.precharge_from);
  return activate(bank, row, precharge + dram_.rp);
}

DramTiming::Clock DramTiming::activate(Bank& bank, std::uint64_t row, Clock from) {
  const Clock now = std::max({from, bank.activate_from, last_activate_ + dram_.rrd,
                              last_activates_[oldest_activate_] + dram_.faw});
  last_activates_[oldest_activate_] = now;
  oldest_activate_ = (oldest_activate_ + 1) % last_activates_.size();
  last_activate_ = now;
  bank.open = true;
  bank.row = row;
  bank.activate_from = now + dram_.rc;
  bank.column_from = now + dram_.rcd;
  bank.precharge_from = now + dram_.ras;
  return bank.column_from;
}

/// Issues the READ or WRITE of one burst, `from` at the earliest; returns the clock after its data.
DramTiming::Clock DramTiming::command_data(Bank& bank, Clock from, bool is_write) {
  const Clock command = std::max(from, is_write ? write_from_ : read_from_);
  const Clock data_end = command + (is_write ? dram_.cwl : dram_.cl) + data_clocks_;
  const Clock next_same = command + std::max<Clock>(dram_.ccd, data_clocks_);
  if (is_write) {
    ++write_bursts_;
    write_from_ = next_same;
    read_from_ = data_end + dram_.wtr;
    bank.precharge_from = std::max(bank.precharge_from, data_end + dram_.wr);
  } else {
    ++read_bursts_;
    read_from_ = next_same;
    // The bus turns round between the last read data and the first written: two clocks.
    write_from_ = std::max(next_same, data_end + 2 - dram_.cwl);
    bank.precharge_from = std::max<Clock>(bank.precharge_from, command + dram_.rtp);
  }
  return data_end;
}

std::map<std::string, double> DramTiming::statistics(const sc_core::sc_time& now) const {
  const double pj_per_ma_clock = dram_.vdd_v * dram_.clock_period_ns * dram_.devices;
  // One ACTIVATE with its PRECHARGE, beyond the standby in those clocks.
  const double activate = (dram_.idd0_ma * dram_.rc - dram_.idd3n_ma * dram_.ras -
                           dram_.idd2n_ma * (dram_.rc - dram_.ras)) *
                          pj_per_ma_clock;
  const double clocks = static_cast<double>(data_clocks_);
  const double read = (dram_.idd4r_ma - dram_.idd3n_ma) * clocks * pj_per_ma_clock;
  const double write = (dram_.idd4w_ma - dram_.idd3n_ma) * clocks * pj_per_ma_clock;
  const double refresh = (dram_.idd5_ma - dram_.idd3n_ma) * dram_.rfc * pj_per_ma_clock;
  const auto activates = static_cast<double>(misses_ + conflicts_);
  const auto reads = static_cast<double>(read_bursts_);
  const auto writes = static_cast<double>(write_bursts_);
  const auto refreshes =
      static_cast<double>(now.value() / period_.value() / static_cast<std::uint64_t>(dram_.refi));
  return {{"row_hits", static_cast<double>(hits_)},
          {"row_misses", static_cast<double>(misses_)},
          {"row_conflicts", static_cast<double>(conflicts_)},
          {"refreshes", refreshes},
          {"read_bursts", reads},
          {"write_bursts", writes},
          {"busy_ns", (reads + writes) * clocks * dram_.clock_period_ns},
          {"activate_pj", activates * activate},
          {"read_pj", reads * read},
          {"write_pj", writes * write},
          {"refresh_pj", refreshes * refresh}};
}

double DramTiming::standby_pj(double seconds) const {
  return dram_.idd3n_ma * dram_.vdd_v * dram_.devices * seconds * 1e9;
}

}  // namespace cfc
