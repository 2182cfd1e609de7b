#pragma once

namespace cfc::compress {

/// The beta with which the paper weighs accuracy against weights removed.
inline constexpr double kBeta = 12.0;

/// E score, eq. (11): the harmonic mean of `accuracy` and of `removed`, the share of the layer's
/// weights that factorising removes (both 0 to 1), in which accuracy weighs beta times as much. The
/// text of the paper that we have lacks the equation itself; this is what it says about it in
/// words, as the F measure does it.
constexpr double e_score(double accuracy, double removed, double beta = kBeta) {
  const double weight = beta * beta;
  const double sum = weight * removed + accuracy;
  return sum > 0.0 ? (1.0 + weight) * accuracy * removed / sum : 0.0;
}

}  // namespace cfc::compress
