#include "exchange/import/scale_search.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "tests/helpers/random_networks.h"

using namespace cfc::exchange;
using cfc::golden::Requantisation;
using cfc::testing::uniform;

namespace {

/// Sums for which the requantisation gives something else, one by one.
std::uint64_t counted(const std::vector<SumFunction>& outputs, const Requantisation& fitted) {
  std::uint64_t count = 0;
  for (std::size_t j = 0; j < outputs.size(); ++j) {
    for (std::int64_t sum = outputs[j].least; sum <= outputs[j].largest; ++sum) {
      const int ours = fitted.apply(static_cast<std::int32_t>(sum), static_cast<Eigen::Index>(j));
      count += ours == outputs[j].value(sum) ? 0 : 1;
    }
  }
  return count;
}

SumFunction scaled(double slope, const Requantisation& bounds, std::int64_t least,
                   std::int64_t largest) {
  const auto value = [=](std::int64_t sum) {
    const double rounded = std::nearbyint(static_cast<double>(sum) * slope) + bounds.zero_point;
    return static_cast<int>(std::min<double>(std::max<double>(rounded, bounds.lo), bounds.hi));
  };
  return {value, least, largest, slope};
}

}  // namespace

TEST_CASE("sums that differ are counted as trying all of them counts") {
  const std::uint64_t seed = cfc::testing::test_seed();
  cfc::testing::Generator generator(seed);
  int exact = 0, inexact = 0;
  for (int round = 0; round < 60; ++round) {
    Requantisation bounds;
    bounds.zero_point = uniform(generator, 0, 255);
    bounds.lo = uniform(generator, 0, 1) == 0 ? 0 : bounds.zero_point;
    bounds.hi = uniform(generator, bounds.lo, 255);
    const bool per_output = uniform(generator, 0, 1) == 0;
    const double slope = std::exp2(-std::uniform_real_distribution<>(0, 9)(generator));
    std::vector<SumFunction> outputs;
    for (int j = 0; j < 3; ++j) {
      const double factor = per_output ? 1 + j / 3.0 : 1;
      outputs.push_back(
          scaled(round % 3 == 0 ? std::exp2(-uniform(generator, 1, 8)) : slope * factor, bounds,
                 -uniform(generator, 0, 40'000), uniform(generator, 0, 40'000)));
    }
    const ScaleFit fit = fit_scale(outputs, bounds, per_output);
    INFO("seed " << seed << ", round " << round);
    REQUIRE(fit.sums_different == counted(outputs, fit.requantisation));
    REQUIRE(fit.requantisation.is_per_output() == per_output);
    (fit.sums_different == 0 ? exact : inexact) += 1;
  }
  CHECK(exact > 5);    // most slopes have an exact multiplier
  CHECK(inexact > 5);  // a power of two rounds halves up, where these functions round them to even
}

TEST_CASE("the multiplier is the narrowest exact one") {
  const Requantisation bounds;
  const auto shift_of = [&](std::int64_t multiplier, int shift) {
    const auto value = [=](std::int64_t sum) {
      const std::int64_t half = std::int64_t{1} << (shift - 1);
      const std::int64_t scaled = (sum * multiplier + half) >> shift;
      return static_cast<int>(std::min<std::int64_t>(std::max<std::int64_t>(scaled, 0), 255));
    };
    return SumFunction{value, -100'000, 100'000,
                       std::ldexp(static_cast<double>(multiplier), -shift)};
  };
  const ScaleFit even = fit_scale({shift_of(514, 16)}, bounds, false);
  CHECK(even.sums_different == 0);
  CHECK(even.requantisation.multipliers == std::vector<std::int32_t>{257});
  const ScaleFit power = fit_scale({shift_of(4096, 19)}, bounds, false);
  CHECK(power.requantisation == Requantisation::by_shift(7));
  // Exhaustively: no smaller multiplier gives the same for any shift.
  for (std::int32_t multiplier = 1; multiplier < 257; ++multiplier) {
    for (int shift = 0; shift <= 20; ++shift) {
      const Requantisation other{{multiplier}, {shift}};
      REQUIRE(counted({shift_of(514, 16)}, other) > 0);
    }
  }
}

TEST_CASE("a scale that is chosen is close, and narrow") {
  const Requantisation bounds;
  for (const double slope : {0.5, 0.3, 1.7, 0.0001234, 3e-9}) {
    const Requantisation chosen = choose_scale({slope}, bounds, false);
    const double made = std::ldexp(chosen.multipliers.front(), -chosen.shifts.front());
    CHECK(std::abs(made - slope) <= slope / 4096);
    CHECK(chosen.multiplier_bits() <= 13);
  }
  CHECK(choose_scale({0.125}, bounds, false) == Requantisation::by_shift(3));
}
