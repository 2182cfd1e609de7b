// Energy by words and bits: prices that the form gives exactly, prices that it cannot, and banks.

#include "explore/cost/word_prices.h"

#include <cmath>

#include <catch2/catch.hpp>

namespace cfc::testing {
namespace {

using namespace explore;

/// Prices of a grid by the form itself.
std::vector<WordPrice> made_by(double fixed, double line, double wire) {
  std::vector<WordPrice> prices;
  for (const std::uint64_t words : {16, 64, 256}) {
    for (const std::uint64_t bits : {8, 32, 100}) {
      const auto w = static_cast<double>(words);
      const auto b = static_cast<double>(bits);
      prices.push_back({words, bits, fixed + line * b * std::sqrt(w) + wire * b * b});
    }
  }
  return prices;
}

}  // namespace

TEST_CASE("prices that follow the form come back, and those between them too") {
  const WordPrices prices(made_by(2, 0.5, 0.01));
  CHECK(prices.max_error() == Approx(0).margin(1e-12));
  CHECK(prices.access(64, 32) == Approx(2 + 0.5 * 32 * 8 + 0.01 * 1024));
  CHECK(prices.access(100, 50) == Approx(2 + 0.5 * 50 * 10 + 0.01 * 2500));
}

TEST_CASE("a part that would be below 0 is left out") {
  // Exact with wire = -0.001; without it, the fit is close and grows.
  const WordPrices prices(made_by(2, 0.5, -0.001));
  CHECK(prices.max_error() > 0);
  CHECK(prices.max_error() < 0.04);
  CHECK(prices.mean_error() <= prices.max_error());
  CHECK(prices.access(256, 100) > prices.access(256, 99));
  for (const auto& [fixed, line, wire] :
       {std::tuple{2.0, 0.0, 0.0}, {0.0, 0.5, 0.0}, {0.0, 0.0, 0.25}}) {
    CHECK(WordPrices(made_by(fixed, line, wire)).max_error() == Approx(0).margin(1e-9));
  }
}

TEST_CASE("prices of memories of one depth and width do not stop the fit") {
  const WordPrices prices({{64, 8, 1}, {64, 16, 2}, {64, 32, 4}});
  CHECK(prices.access(64, 16) == Approx(2).epsilon(0.01));
  const WordPrices same({{64, 8, 1}, {64, 8, 1}, {64, 8, 1}});
  CHECK(same.access(64, 8) == Approx(1));
}

TEST_CASE("wider than the widest: banks of that, and one for the rest") {
  const WordPrices prices(made_by(2, 0.5, 0.01));
  CHECK(prices.most_bits() == 100);
  CHECK(prices.access(64, 200) == Approx(2 * prices.access(64, 100)));
  CHECK(prices.access(64, 230) == Approx(2 * prices.access(64, 100) + prices.access(64, 30)));
}

TEST_CASE("deeper than the deepest: an access takes one bank; smaller than the smallest: that") {
  const WordPrices prices(made_by(2, 0.5, 0.01));
  CHECK(prices.most_words() == 256);
  CHECK(prices.access(100000, 32) == prices.access(256, 32));
  CHECK(prices.access(1, 32) == prices.access(16, 32));
  CHECK(prices.access(64, 1) == prices.access(64, 8));
}

TEST_CASE("an access never gets cheaper with words or bits") {
  const WordPrices prices(made_by(2, 0.5, 0.01));
  for (std::uint64_t words = 1; words < 600; words += 7) {
    for (std::uint64_t bits = 1; bits < 350; ++bits) {
      INFO(words << ' ' << bits);
      CHECK(prices.access(words, bits) <= prices.access(words + 7, bits));
      CHECK(prices.access(words, bits) <= prices.access(words, bits + 1));
    }
  }
}

}  // namespace cfc::testing
