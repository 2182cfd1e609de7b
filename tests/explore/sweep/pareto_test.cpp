// The Pareto front against its definition, point against point.

#include "explore/sweep/pareto.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/helpers/random_networks.h"

using cfc::explore::pareto_front;
using cfc::testing::Generator;
using cfc::testing::uniform;

namespace {

using Points = std::vector<std::vector<double>>;

bool dominates(const std::vector<double>& a, const std::vector<double>& b) {
  bool better_somewhere = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
    better_somewhere = better_somewhere || a[i] < b[i];
  }
  return better_somewhere;
}

std::vector<std::size_t> front_by_definition(const Points& points) {
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool is_beaten = std::any_of(points.begin(), points.end(), [&](const auto& other) {
      return dominates(other, points[i]);
    });
    if (!is_beaten) front.push_back(i);
  }
  return front;
}

/// Few values, so that many points are equal in some components or in all.
Points random_points(Generator& generator) {
  const int components = uniform(generator, 1, 5);
  const int largest = uniform(generator, 1, 20);
  Points points(static_cast<std::size_t>(uniform(generator, 0, 150)));
  for (auto& point : points) {
    for (int i = 0; i < components; ++i) point.push_back(uniform(generator, -largest, largest));
  }
  return points;
}

}  // namespace

TEST_CASE("the front is that of the definition, on random points") {
  Generator generator(cfc::testing::test_seed());
  for (int i = 0; i < 500; ++i) {
    const Points points = random_points(generator);
    REQUIRE(pareto_front(points) == front_by_definition(points));
  }
}

TEST_CASE("small fronts by hand") {
  CHECK(pareto_front({}).empty());
  CHECK(pareto_front({{3}, {1}, {2}, {1}}) == std::vector<std::size_t>{1, 3});
  CHECK(pareto_front({{1, 4}, {2, 2}, {4, 1}, {3, 3}, {2, 5}}) ==
        std::vector<std::size_t>{0, 1, 2});
}
