#pragma once

#include "golden/network.h"

namespace cfc::compress {

/// Largest rank at which U and V hold at least the share `compression` (R_comp) fewer weights than
/// the m x n weights of W, eq. (6): floor((1 - R_comp) m n / (m + n)). Throws InputError if that is
/// not between 0 and 1 (eq. 5), or if no rank compresses so much.
golden::Index rank_for(double compression, golden::Index m, golden::Index n);

/// Weights that factorising saves: m n - r (m + n).
golden::Index weights_removed(golden::Index rank, golden::Index m, golden::Index n);

/// W ~ U V in integers.
struct IntegerFactors {
  golden::MatrixS8 u;  ///< m x r
  golden::MatrixS8 v;  ///< r x n
};

/// The best approximation of every rank of one integer matrix.
class SingularValues {
 public:
  /// Decomposes W (m x n) in double precision, eq. (3).
  explicit SingularValues(const golden::MatrixS8& w);

  /// Truncated to `rank`, eqs. (4) and (7), and rounded to the nearest integers: U = round(U
  /// sqrt(S)), eq. (8), V = round(sqrt(S) V), eq. (9), within s8. Those of a smaller rank are the
  /// first columns and rows of those of a larger one.
  IntegerFactors factors(golden::Index rank) const;

 private:
  Eigen::MatrixXd scaled_u_;  ///< U sqrt(S)
  Eigen::MatrixXd scaled_v_;  ///< sqrt(S) V
};

/// The dense layer with its weights replaced. Nothing is rounded between U and V: z gets as many
/// bits as the weights can need. Throws InputError if they are more than a network may have.
golden::Layer with_factors(golden::Layer layer, const IntegerFactors& factors);

/// The integer weights that the factors stand for: U V, m x n.
golden::MatrixS32 product(const IntegerFactors& factors);

/// Mean squared difference between W and U V, eq. (10).
double mean_squared_error(const golden::MatrixS8& w, const IntegerFactors& factors);

}  // namespace cfc::compress
