#pragma once

#include <cstdint>
#include <vector>

#include "golden/network.h"

namespace cfc::compress {

/// The grid that Algorithm 1 walks: every combination of these.
struct Grid {
  std::vector<int> locations;         ///< of dropout, L_Drop
  std::vector<double> probabilities;  ///< of dropout, P_Drop
  std::vector<double> ratios;         ///< of pruning, R_prune
  std::vector<double> compressions;   ///< R_comp; a layer takes those that leave it a rank
  std::vector<int> layers;            ///< to factorise, L_LRA, from 1
};

/// The paper's: locations 1 and 2, probabilities 0.1 to 0.5, ratios 0.05 to 0.7 in steps of 0.05,
/// compressions 0.02 to 0.98 in steps of 0.02, layers 1 to 3.
Grid paper_grid();

/// Shape of one layer's weights.
struct Shape {
  golden::Index m;
  golden::Index n;
};

/// Shapes of the layers of a network.
std::vector<Shape> shapes_of(const golden::Network& network);

/// Throws InputError if a set is empty, a ratio is not from 0 to below 1, a layer does not exist,
/// a compression is not between 0 and 1, or none of them leaves a layer a rank.
void check(const Grid& grid, const std::vector<Shape>& shapes);

/// Whether the layer has a rank at this compression.
bool leaves_a_rank(double compression, const Shape& shape);

/// The ranks that the compressions come to, each once, the smallest first.
std::vector<golden::Index> ranks_of(const std::vector<double>& compressions, const Shape& shape);

/// What is computed in one go: one layer of one pruned network, at all ranks.
struct Unit {
  int location{};
  double probability{};
  double ratio{};
  int layer{};
};

/// All units of the grid, those of one base network together.
std::vector<Unit> units_of(const Grid& grid);

/// What came out at one rank. Accuracies are on the validation images, 0 to 1.
struct Point {
  Unit unit;
  golden::Index rank{};
  double pruned_accuracy{};   ///< of the pruned network, nothing factorised
  double lra_accuracy{};      ///< with the factors of eqs. (8) and (9)
  double learned_accuracy{};  ///< with those of eq. (10)
};

}  // namespace cfc::compress
