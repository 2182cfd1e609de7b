#include "golden/compression.h"

#include <cmath>

#include <catch2/catch.hpp>

#include "support/error.h"

using namespace cfc::golden;
using cfc::InputError;

TEST_CASE("rank and weights removed are those of the paper's Table 3") {
  struct Row {
    double compression;
    Index m, n, rank, removed;
  };
  const Row row = GENERATE(Row{0.36, 784, 50, 30, 14180}, Row{0.24, 784, 50, 35, 10010},
                           Row{0.20, 784, 50, 37, 8342}, Row{0.18, 784, 50, 38, 7508},
                           Row{0.26, 50, 100, 24, 1400}, Row{0.30, 50, 100, 23, 1550},
                           Row{0.44, 50, 100, 18, 2300}, Row{0.36, 50, 100, 21, 1850});
  REQUIRE(rank_for(row.compression, row.m, row.n) == row.rank);
  REQUIRE(weights_removed(row.rank, row.m, row.n) == row.removed);
}

TEST_CASE("a compression that is just reached is not missed by a rounding error") {
  for (Index rank = 1; rank * 20 < 100; ++rank) {
    const double compression = 1.0 - static_cast<double>(rank * 20) / 100.0;
    REQUIRE(rank_for(compression, 10, 10) == rank);
  }
}

TEST_CASE("eq. (5) is enforced") {
  for (const double compression : {-0.5, 0.0, 1.0, 1.5, std::nan("")})
    REQUIRE_THROWS_AS(rank_for(compression, 784, 50), InputError);
  REQUIRE(rank_for(0.97, 784, 50) == 1);
  REQUIRE_THROWS_AS(rank_for(0.98, 784, 50), InputError);
  REQUIRE_THROWS_AS(rank_for(0.5, 2, 2), InputError);
}
