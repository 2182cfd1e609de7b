// PeakMeter against a table of all cycles.

#include "sc_model/hardware/peak_meter.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include <catch2/catch.hpp>

#include "tests/helpers/random_networks.h"

namespace cfc::testing {
namespace {

TEST_CASE("The peak is the largest sum of a cycle, also where the cycle before is booked late") {
  Generator generator(test_seed());
  for (int run = 0; run < 2000; ++run) {
    PeakMeter meter;
    std::map<std::uint64_t, std::uint64_t> cycles;
    std::uint64_t cycle = 10;
    std::uint64_t peak = 0;
    REQUIRE(meter.peak_bits_per_cycle() == 0);
    for (int booking = 0; booking < 20; ++booking) {
      if (uniform(generator, 0, 1) == 0) {
        cycle += 10 * static_cast<std::uint64_t>(uniform(generator, 1, 2));
      }
      const bool is_late = booking > 0 && uniform(generator, 0, 2) == 0;
      const std::uint64_t booked = is_late ? cycle - 10 : cycle;
      const auto bits = static_cast<std::uint64_t>(uniform(generator, 0, 64));
      meter.book(booked, bits);
      peak = std::max(peak, cycles[booked] += bits);
      REQUIRE(meter.peak_bits_per_cycle() == peak);
    }
  }
}

}  // namespace
}  // namespace cfc::testing
