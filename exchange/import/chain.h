#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "exchange/data/number_table.h"
#include "exchange/import/quantisers.h"

// Internal to the importer.

namespace cfc::exchange {

/// Weights as integers with a scale, or one for each output.
struct WeightGrid {
  Numbers integers;            ///< m x n
  std::vector<double> scales;  ///< 1 or n

  double scale_of(Eigen::Index output) const {
    return scales[scales.size() == 1 ? 0 : static_cast<std::size_t>(output)];
  }
};

/// Weights as two factors of integers, and z between them.
struct Factors {
  Numbers u;  ///< m x r
  Numbers v;  ///< r x n
  double u_scale{1};
  double v_scale{1};
  int z_shift{};
  int z_bits{};

  /// What 1 in the product of both stands for, in steps of the input.
  double unit() const { return u_scale * v_scale * std::ldexp(1.0, z_shift); }
};

/// clip(floor((sum * multiplier + addend) / divisor + 1/2), lo, hi), of integers.
struct RequantShift {
  std::vector<double> multipliers;  ///< 1 or n
  std::vector<double> addends;      ///< 1 or n
  double divisor{1};
  int lo{0};
  int hi{255};
};

/// y = x W + b, then a clip, then maybe what brings it to integers: one FC layer of a source.
struct SourceLayer {
  std::string node;  ///< the product's, for messages
  Numbers weights;   ///< m x n
  Eigen::VectorXd bias;
  std::optional<WeightGrid> grid;
  bool has_chosen_weights{false};  ///< their scale is the importer's
  std::optional<Factors> factors;  ///< instead of the weights, of which they are near
  double lo{-std::numeric_limits<double>::infinity()};  ///< 0: a ReLU
  double hi{std::numeric_limits<double>::infinity()};
  std::optional<Quantiser> output;
  std::optional<RequantShift> shift;  ///< instead, where the source computes with integers

  bool is_open() const { return !output && !shift && lo < 0 && hi > 0 && lo == -hi; }
};

/// A source as a chain of layers.
struct Chain {
  std::optional<Quantiser> input;
  std::string input_type;  ///< "u8" or "s8" where the graph takes integers
  std::vector<SourceLayer> layers;

  /// The values are integers throughout, as RequantShift takes and gives them (where one layer's
  /// are, all are).
  bool is_integer() const { return layers.front().shift.has_value(); }
};

}  // namespace cfc::exchange
