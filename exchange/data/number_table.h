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

  /// Of vectors, which the first dimension counts; a table of one dimension is one vector.
  Eigen::Index count() const { return shape.size() < 2 ? 1 : shape.front(); }
  /// Numbers of a vector, those of all other dimensions.
  Eigen::Index width() const { return static_cast<Eigen::Index>(values.size()) / count(); }

  /// As vectors of `width` numbers, a row each. Throws InputError where they have another width.
  Numbers vectors(Eigen::Index width) const;
};

/// Throws InputError, naming the place, where a number is infinite or none.
void check_finite(const NumberTable& table);

/// The `count` vectors of a table from `first` on; all of a table of one vector.
NumberTable part_of(NumberTable table, Eigen::Index first, Eigen::Index count);

}  // namespace cfc::exchange
