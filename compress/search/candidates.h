#pragma once

#include <vector>

#include "compress/search/e_score.h"
#include "compress/search/grid.h"

namespace cfc::compress {

/// A point at one compression of the grid, with what it is worth.
struct Choice {
  Point point;
  double compression{};             ///< R_comp as asked for
  golden::Index weights_removed{};  ///< N_Reduced
  double e_score{};                 ///< of the learned factors
};

/// Every point at every compression that comes to its rank, with its E score. `shapes` are those of
/// the layers.
std::vector<Choice> scored(const std::vector<Point>& points,
                           const std::vector<double>& compressions,
                           const std::vector<Shape>& shapes, double beta);

/// The stars of Fig. 13, whose matrices are the sets S_U and S_V. For each pair of dropout location
/// and factorised layer: first the best compression and dropout probability for each pruning ratio,
/// then, of these, the best ratio for each compression; best is the largest E score.
std::vector<Choice> candidates(const std::vector<Choice>& choices);

/// The rows of Table 3: of each layer's candidates the `count` most accurate, the most weights
/// removed first.
std::vector<Choice> best_of_each_layer(const std::vector<Choice>& candidates, std::size_t count);

/// The one that removes the most weights: the paper's choice among the rows of Table 3. Throws
/// InputError if there is none.
Choice chosen(const std::vector<Choice>& rows);

}  // namespace cfc::compress
