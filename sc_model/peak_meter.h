#pragma once

#include <algorithm>
#include <cstdint>

#include <systemc>

namespace cfc {

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
