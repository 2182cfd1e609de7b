#pragma once

#include "golden/network.h"

namespace cfc::compress {

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
