#include "golden/fixed_point.h"

#include <cstdint>
#include <limits>

#include <catch2/catch.hpp>

#include "golden/requantisation.h"

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
  REQUIRE(Requantisation::by_shift(0).apply(-5, 0) == 0);
  const Requantisation six = Requantisation::by_shift(6);
  REQUIRE(six.apply(255 << 6, 0) == 255);
  REQUIRE(six.apply((255 << 6) + 32, 0) == 255);
  REQUIRE(six.apply(kHighest, 0) == 255);
}

TEST_CASE("a multiplier scales, rounds half up, and moves by the zero point") {
  const Requantisation third{{21845}, {16}, 100, 0, 255};  // 0.33333
  REQUIRE(third.apply(0, 0) == 100);
  REQUIRE(third.apply(300, 0) == 200);
  REQUIRE(third.apply(-300, 0) == 0);
  REQUIRE(third.apply(-299, 0) == 0);  // -99.67
  REQUIRE(third.apply(-298, 0) == 1);  // -99.33
  const Requantisation halves{{3}, {1}, 10, 10, 20};
  REQUIRE(halves.apply(1, 0) == 12);   // 1.5 goes up
  REQUIRE(halves.apply(-1, 0) == 10);  // -1.5 goes up to -1, and the ReLU cuts it
  REQUIRE(halves.apply(100, 0) == 20);
  const Requantisation own{{1, kHighest}, {0, 62}, 0, 0, 255};
  REQUIRE(own.apply(9, 0) == 9);
  REQUIRE(own.apply(kHighest, 1) == 1);  // just below 1
  REQUIRE(own.apply(kHighest / 2, 1) == 0);
  REQUIRE(own.multiplier_bits() == 31);
}
