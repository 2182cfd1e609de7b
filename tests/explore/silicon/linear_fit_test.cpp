#include "explore/silicon/linear_fit.h"

#include <random>

#include <catch2/catch.hpp>

namespace cfc::explore {
namespace {

TEST_CASE("a fit finds the coefficients that made the values") {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> term(1, 100);
  const std::vector<double> made{3, 0.5, 20};
  std::vector<Observation> seen;
  for (int i = 0; i < 200; ++i) {
    Observation each{{1, term(random), term(random)}, 0, 1};
    each.value = evaluate(each.terms, made);
    seen.push_back(each);
  }
  const std::vector<double> found = fit_scaled(seen, made);
  for (std::size_t i = 0; i < made.size(); ++i) CHECK(found[i] == Approx(made[i]).epsilon(1e-9));
}

TEST_CASE("what no observation speaks of stays as it was") {
  const std::vector<double> found = fit_scaled({{{1, 0}, 4, 4}, {{2, 0}, 8, 8}}, {1, 7});
  CHECK(found[0] == Approx(4).epsilon(0.01));
  CHECK(found[1] == 7);
  CHECK(fit_scaled({}, {1, 2}) == std::vector<double>{1, 2});
}

TEST_CASE("errors count in their scale") {
  // Two values ask for different slopes: the small one is not drowned by the large one.
  const std::vector<double> found = fit_scaled({{{1}, 1, 1}, {{1000}, 2000, 2000}});
  CHECK(found[0] > 1.1);
  CHECK(found[0] < 1.9);
}

}  // namespace
}  // namespace cfc::explore
