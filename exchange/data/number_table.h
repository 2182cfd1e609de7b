#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

namespace cfc::exchange {

using Numbers = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// How the numbers of a file are stored.
enum class NumberKind { u8, s8, integer, real };

/// Numbers out of somebody's file, in the file's order.
struct NumberTable {
  std::string origin;  ///< names it in messages: "x.npz:input"
  NumberKind kind{NumberKind::real};
  std::vector<Eigen::Index> shape;  ///< no entry for a single number
  std::vector<double> values;

  /// As vectors of `width` numbers: the first dimension counts them, the others lie side by side; a
  /// table of one dimension is one vector. Throws InputError where that does not come out even.
  Numbers vectors(Eigen::Index width) const;
};

}  // namespace cfc::exchange
