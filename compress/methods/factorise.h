#pragma once

#include <cstdint>

#include "compress/network/model.h"

namespace cfc::compress {

/// Largest rank for which r (m + n) < m n, eq. (5): U and V then hold fewer weights than W. May be
/// 0.
std::int64_t largest_useful_rank(std::int64_t m, std::int64_t n);

/// How to factorise one layer.
struct Factorisation {
  int layer{1};  ///< from 1, the input's side
  std::int64_t rank{};
  int z_bits{8};
};

/// Throws InputError, saying what would do, if the model has no such layer, the layer is factorised
/// already, or the rank is not between 1 and `largest_useful_rank`.
void check(const Factorisation& wanted, const Model& model);

/// Replaces the layer's weights W, as the integer network has them, by U sqrt(S) and sqrt(S) V of
/// their truncated singular value decomposition, eqs. (4), (8) and (9). Unlike there nothing is
/// rounded here: `Model::calibrate` gives each factor its own power of two first, so that rounding
/// uses all of its bits. Throws InputError like `check`.
void factorise(Model& model, const Factorisation& wanted);

}  // namespace cfc::compress
