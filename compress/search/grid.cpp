#include "compress/search/grid.h"

#include <set>

#include <fmt/format.h>

#include "golden/compression.h"
#include "support/error.h"

namespace cfc::compress {
namespace {

/// first, first + 1, ... last, each divided by `steps`: the same numbers as typed decimals.
std::vector<double> fractions(int first, int last, double steps) {
  std::vector<double> values;
  for (int i = first; i <= last; ++i) values.push_back(i / steps);
  return values;
}

template <typename T>
void check_not_empty(const std::vector<T>& set, const char* name) {
  if (set.empty()) throw InputError(fmt::format("the search has no {}", name));
}

void check_layer(int layer, const Grid& grid, const std::vector<Shape>& shapes) {
  if (layer < 1 || static_cast<std::size_t>(layer) > shapes.size())
    throw InputError(
        fmt::format("there is no layer {}: the network has layers 1 to {}", layer, shapes.size()));
  const Shape& shape = shapes[static_cast<std::size_t>(layer) - 1];
  if (ranks_of(grid.compressions, shape).empty())
    throw InputError(fmt::format("no compression of the search leaves layer {} ({} x {}) a rank",
                                 layer, shape.m, shape.n));
}

}  // namespace

Grid paper_grid() {
  return {{1, 2}, fractions(1, 5, 10), fractions(1, 14, 20), fractions(1, 49, 50), {1, 2, 3}};
}

std::vector<Shape> shapes_of(const golden::Network& network) {
  std::vector<Shape> shapes;
  for (const golden::Layer& layer : network.layers)
    shapes.push_back({layer.inputs(), layer.outputs()});
  return shapes;
}

void check(const Grid& grid, const std::vector<Shape>& shapes) {
  check_not_empty(grid.locations, "dropout locations");
  check_not_empty(grid.probabilities, "dropout probabilities");
  check_not_empty(grid.ratios, "pruning ratios");
  check_not_empty(grid.compressions, "compressions");
  check_not_empty(grid.layers, "layers");
  for (const double ratio : grid.ratios)
    if (!(ratio >= 0.0 && ratio < 1.0))
      throw InputError(fmt::format("pruning ratio {}: must be from 0 to below 1", ratio));
  for (const double compression : grid.compressions)
    if (!(compression > 0.0 && compression < 1.0))
      throw InputError(fmt::format(
          "compression {}: must be above 0 and below 1, or U and V save no weights", compression));
  for (const int layer : grid.layers) check_layer(layer, grid, shapes);
}

bool leaves_a_rank(double compression, const Shape& shape) {
  constexpr double kTolerance = 1e-9;
  return (1.0 - compression) * static_cast<double>(shape.m * shape.n) + kTolerance >=
         static_cast<double>(shape.m + shape.n);
}

std::vector<golden::Index> ranks_of(const std::vector<double>& compressions, const Shape& shape) {
  std::set<golden::Index> ranks;
  for (const double compression : compressions)
    if (leaves_a_rank(compression, shape))
      ranks.insert(golden::rank_for(compression, shape.m, shape.n));
  return {ranks.begin(), ranks.end()};
}

std::vector<Unit> units_of(const Grid& grid) {
  std::vector<Unit> units;
  for (const int location : grid.locations)
    for (const double probability : grid.probabilities)
      for (const double ratio : grid.ratios)
        for (const int layer : grid.layers) units.push_back({location, probability, ratio, layer});
  return units;
}

}  // namespace cfc::compress
