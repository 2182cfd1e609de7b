#pragma once

#include <algorithm>
#include <cstdint>

namespace cfc {

/// The largest number of bits moved in one cycle.
class PeakMeter {
 public:
  /// `cycle` is the time of the edge that begins the cycle: that of the newest booking, or of the
  /// cycle before it, or later.
  void book(std::uint64_t cycle, std::uint64_t bits) {
    if (cycle > newest_.cycle) {
      before_ = newest_;
      newest_ = {cycle, 0};
    }
    if (cycle < newest_.cycle && cycle != before_.cycle) before_ = {cycle, 0};
    Cycle& booked = cycle == newest_.cycle ? newest_ : before_;
    booked.bits += bits;
    peak_ = std::max(peak_, booked.bits);
  }
  std::uint64_t peak_bits_per_cycle() const { return peak_; }

 private:
  struct Cycle {
    std::uint64_t cycle{0};
    std::uint64_t bits{0};
  };

  Cycle newest_;
  Cycle before_;
  std::uint64_t peak_{0};
};

}  // namespace cfc
