#pragma once

#include <algorithm>
#include <cstdint>

#include <systemc>

namespace cfc {

/// Accesses in one direction.
struct AccessCounters {
  std::uint64_t words{};     ///< accesses: one each, however wide
  std::uint64_t elements{};  ///< elements that they moved
  std::uint64_t bits{};      ///< elements x their width

  AccessCounters& operator+=(const AccessCounters& other) {
    words += other.words;
    elements += other.elements;
    bits += other.bits;
    return *this;
  }
  AccessCounters& operator-=(const AccessCounters& other) {
    words -= other.words;
    elements -= other.elements;
    bits -= other.bits;
    return *this;
  }
  friend bool operator==(const AccessCounters& a, const AccessCounters& b) {
    return a.words == b.words && a.elements == b.elements && a.bits == b.bits;
  }
};

/// The largest number of bits moved in one cycle.
class PeakMeter {
 public:
  void book(std::uint64_t bits) {
    const sc_dt::uint64 now = sc_core::sc_time_stamp().value();
    if (now != now_) {
      now_ = now;
      bits_now_ = 0;
    }
    bits_now_ += bits;
    peak_ = std::max(peak_, bits_now_);
  }
  std::uint64_t peak_bits_per_cycle() const { return peak_; }

 private:
  sc_dt::uint64 now_{~sc_dt::uint64{0}};
  std::uint64_t bits_now_{0};
  std::uint64_t peak_{0};
};

}  // namespace cfc
