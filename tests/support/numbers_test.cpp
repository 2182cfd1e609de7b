// Kind "one number, two readings": one reader for options and YAML.

#include "support/numbers.h"

#include <cstdint>
#include <limits>
#include <random>
#include <string>

#include <catch2/catch.hpp>

using cfc::parse_integer;
using cfc::parse_real;
using cfc::ValueError;

TEST_CASE(
    "kind 7, one number with two readings: whole numbers are decimal and in range, or refused") {
  CHECK(parse_integer("0", 0, 9) == 0);
  CHECK(parse_integer("-5", -5, 9) == -5);
  CHECK(parse_integer<std::uint64_t>("18446744073709551615", 0, ~std::uint64_t{0}) ==
        ~std::uint64_t{0});
  for (const char* text : {"", " ", "010", "00", "-0", "+5", "0x10", "5 ", " 5", "5.0", "1e3",
                           "1_0", "five", "0b1", "99999999999999999999"}) {
    INFO("'" << text << "'");
    CHECK_THROWS_AS(parse_integer(text, -100, 1 << 30), ValueError);
  }
  CHECK_THROWS_AS(parse_integer<std::uint64_t>("-5", 0, ~std::uint64_t{0}), ValueError);
  CHECK_THROWS_AS(parse_integer<std::uint64_t>("18446744073709551616", 0, ~std::uint64_t{0}),
                  ValueError);
  CHECK_THROWS_WITH(parse_integer("010", 1, 64),
                    "'010' is not a whole number from 1 to 64 in decimal");
}

TEST_CASE("kind 7, one number with two readings: every whole number is read as it is printed") {
  std::mt19937_64 random(Catch::rngSeed());
  constexpr auto kLowest = std::numeric_limits<std::int64_t>::min();
  constexpr auto kHighest = std::numeric_limits<std::int64_t>::max();
  for (int i = 0; i < 10'000; ++i) {
    const auto value = static_cast<std::int64_t>(random() >> (random() % 64));
    CHECK(parse_integer(std::to_string(value), kLowest, kHighest) == value);
  }
}

TEST_CASE(
    "kind 7, one number with two readings: real numbers are decimal, finite and in range, or "
    "refused") {
  CHECK(parse_real("0.5", 0, 1) == 0.5);
  CHECK(parse_real("1e-3", 0, 1) == 0.001);
  CHECK(parse_real("-0.25", -1, 1) == -0.25);
  CHECK(parse_real("0", 0, 1) == 0);
  for (const char* text : {"", "nan", "inf", "-inf", ".nan", "1e999", "0x1p3", "00.5", "-01", "0,5",
                           "1 ", "+1", "2", "one"}) {
    INFO("'" << text << "'");
    CHECK_THROWS_AS(parse_real(text, -1, 1), ValueError);
  }
}
