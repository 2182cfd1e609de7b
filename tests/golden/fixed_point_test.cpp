#include "golden/fixed_point.h"

#include <cstdint>
#include <limits>

#include <catch2/catch.hpp>

using namespace cfc::golden;

namespace {

/// floor(a / 2^shift + 1/2) in whole numbers, without a shift: the definition.
std::int64_t round_half_up(std::int64_t a, int shift) {
  const std::int64_t divisor = std::int64_t{1} << shift;
  const std::int64_t doubled = 2 * a + divisor;  // 2 divisor times (a / divisor + 1/2)
  std::int64_t quotient = doubled / (2 * divisor);
  if (doubled % (2 * divisor) < 0) --quotient;
  return quotient;
}

constexpr std::int32_t kLowest = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kHighest = std::numeric_limits<std::int32_t>::max();

}  // namespace

TEST_CASE("requantise rounds half up for every small number and shift") {
  for (int shift = 0; shift <= 8; ++shift) {
    for (std::int32_t a = -3000; a <= 3000; ++a) {
      const std::int64_t expected = shift == 0 ? a : round_half_up(a, shift);
      REQUIRE(requantise(a, shift, kLowest, kHighest) == expected);
    }
  }
}

TEST_CASE("requantise does not overflow at the ends of s32") {
  for (int shift = 1; shift <= 30; ++shift) {
    for (const std::int32_t a : {kLowest, kLowest + 1, -1, 0, 1, kHighest - 1, kHighest}) {
      REQUIRE(requantise(a, shift, kLowest, kHighest) == round_half_up(a, shift));
    }
  }
}

TEST_CASE("requantise clips") {
  REQUIRE(requantise(1000, 0, -128, 127) == 127);
  REQUIRE(requantise(-1000, 0, -128, 127) == -128);
  REQUIRE(requantise(-3, 1, -128, 127) == -1);  // -1.5 goes up
  REQUIRE(requantise(3, 1, -128, 127) == 2);
}

TEST_CASE("z saturates to its width, activations to u8") {
  REQUIRE(requantise_z(1 << 20, 4, 8) == 127);
  REQUIRE(requantise_z(-(1 << 20), 4, 8) == -128);
  REQUIRE(activate(-5, 0) == 0);
  REQUIRE(activate(255 << 6, 6) == 255);
  REQUIRE(activate((255 << 6) + 32, 6) == 255);
  REQUIRE(activate(kHighest, 6) == 255);
}
