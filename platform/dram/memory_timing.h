#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

#include <systemc>

namespace cfc {

/// One access as a memory's timing sees it.
struct MemoryAccess {
  std::uint64_t address{};  ///< from the beginning of the memory
  std::uint32_t bytes{};
  bool is_write{};
};

/// When a memory answers. It knows neither data nor sockets, so that loosely and approximately
/// timed accesses get the same times.
class MemoryTiming {
 public:
  virtual ~MemoryTiming() = default;

  /// Books an access that arrives at `arrival` and returns when its response begins. Accesses are
  /// served in the order of the calls.
  virtual sc_core::sc_time schedule(const sc_core::sc_time& arrival,
                                    const MemoryAccess& access) = 0;

  /// True where the time of an access does not depend on those before it, so that direct access may
  /// stand in for it.
  virtual bool is_constant() const { return false; }

  /// What it did up to `now`, by name with unit, e.g. "row_hits"; for reports.
  virtual std::map<std::string, double> statistics(const sc_core::sc_time& /*now*/) const {
    return {};
  }
};

/// A latency, then the data at a constant rate; one access after the other.
class SimpleTiming : public MemoryTiming {
 public:
  /// `bytes_per_second` 0: data take no time.
  SimpleTiming(const sc_core::sc_time& latency, double bytes_per_second)
      : latency_(latency), bytes_per_second_(bytes_per_second) {}

  sc_core::sc_time schedule(const sc_core::sc_time& arrival, const MemoryAccess& access) override {
    if (is_constant()) return arrival + latency_;
    const sc_core::sc_time data(access.bytes / bytes_per_second_, sc_core::SC_SEC);
    free_ = std::max(free_, arrival) + data;
    busy_ += data;
    return free_ + latency_;
  }
  bool is_constant() const override { return bytes_per_second_ == 0; }
  std::map<std::string, double> statistics(const sc_core::sc_time& /*now*/) const override {
    return {{"busy_ns", busy_.to_seconds() * 1e9}};
  }

 private:
  const sc_core::sc_time latency_;
  const double bytes_per_second_;
  sc_core::sc_time free_;
  sc_core::sc_time busy_;
};

}  // namespace cfc
