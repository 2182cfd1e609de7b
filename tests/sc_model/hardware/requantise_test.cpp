// The model rounds by its own code. Here it stands against golden's, and a fault in either is seen.

#include "sc_model/hardware/requantise.h"

#include <cstdint>
#include <iostream>
#include <limits>

#include <catch2/catch.hpp>

#include "golden/fixed_point.h"

namespace cfc::testing {
namespace {

constexpr std::int32_t kLowest = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kHighest = std::numeric_limits<std::int32_t>::max();

/// Arguments for which two roundings differ: every small value, every edge of s32 and the ties of
/// every shift, unclipped and clipped to every width.
template <typename Model, typename Judge>
long differences(const Model& model, const Judge& judge, long& compared) {
  long different = 0;
  const auto compare = [&](std::int64_t value, int shift, std::int32_t lo, std::int32_t hi) {
    if (value < kLowest || value > kHighest) return;
    ++compared;
    const auto a = static_cast<std::int32_t>(value);
    if (model(a, shift, lo, hi) != judge(a, shift, lo, hi)) ++different;
  };
  for (int shift = 0; shift <= 31; ++shift) {
    const std::int64_t half = (std::int64_t{1} << shift) / 2;
    for (std::int32_t a = -2100; a <= 2100; ++a) {
      compare(a, shift, kLowest, kHighest);
      compare(a, shift, -128, 127);
      compare(a, shift, 0, 255);
    }
    for (int bits = 1; bits <= 32; ++bits) {
      const golden::SignedRange range = golden::signed_range(bits);
      for (const std::int64_t edge :
           {std::int64_t{kLowest}, std::int64_t{kHighest}, std::int64_t{range.lo} << shift,
            std::int64_t{range.hi} << shift}) {
        for (const std::int64_t beside : {-half, half, std::int64_t{0}}) {
          for (int i = -2; i <= 2; ++i) compare(edge + beside + i, shift, range.lo, range.hi);
        }
      }
    }
  }
  return different;
}

std::int32_t clipped(std::int64_t value, std::int32_t lo, std::int32_t hi) {
  return static_cast<std::int32_t>(value < lo ? lo : value > hi ? hi : value);
}

/// Ties go down.
std::int32_t half_down(std::int32_t a, int shift, std::int32_t lo, std::int32_t hi) {
  if (shift == 0) return clipped(a, lo, hi);
  return clipped((std::int64_t{a} + (std::int64_t{1} << (shift - 1)) - 1) >> shift, lo, hi);
}

/// The half is added in 32 bits, which wrap round.
std::int32_t narrow_sum(std::int32_t a, int shift, std::int32_t lo, std::int32_t hi) {
  const std::uint32_t half = shift == 0 ? 0 : std::uint32_t{1} << (shift - 1);
  const auto sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(a) + half);
  return clipped(sum >> shift, lo, hi);
}

/// The largest number of the range is never reached.
std::int32_t clipped_low(std::int32_t a, int shift, std::int32_t lo, std::int32_t hi) {
  return requantise(a, shift, lo, hi - (hi > lo ? 1 : 0));
}

TEST_CASE("The model's rounding is golden's") {
  long compared = 0;
  REQUIRE(differences(requantise, golden::requantise, compared) == 0);
  std::cout << "requantise: " << compared << " comparisons\n";
  REQUIRE(compared > 400'000);
}

TEST_CASE("A fault in either rounding is seen") {
  long compared = 0;
  for (const auto& wrong : {half_down, narrow_sum, clipped_low}) {
    REQUIRE(differences(wrong, golden::requantise, compared) > 0);
    REQUIRE(differences(requantise, wrong, compared) > 0);
  }
}

}  // namespace
}  // namespace cfc::testing
