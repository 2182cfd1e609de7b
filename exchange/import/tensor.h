#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "exchange/data/number_table.h"

// Internal to the importer.

namespace cfc::exchange {

/// What numbers come to that stand for others: value = integer * scale, the zero point taken off.
struct Grid {
  std::vector<double> integers;
  std::vector<double> scales;  ///< one, or one for each place of `axis`
  std::size_t axis{0};
};

/// A constant of a graph. Every float and every integer up to 2^53 is a double.
struct Tensor {
  std::string name;
  int type{onnx::TensorProto::FLOAT};
  std::vector<std::int64_t> shape;
  std::vector<double> values;
  std::optional<Grid> grid;  ///< where the values were made from integers

  bool is_single() const { return values.size() == 1; }
  double single() const;  ///< throws InputError unless it is
};

/// Whether an element type of ONNX is one of real numbers that are read.
bool is_real_type(std::int64_t type);

/// Reads a constant; what lies in another file is looked for in `folder`, and in no other. Throws
/// InputError, naming the tensor.
Tensor read_tensor(const onnx::TensorProto& proto, const std::filesystem::path& folder);

/// A matrix of two dimensions. Throws InputError on another number of them.
Numbers matrix_of(const Tensor& tensor);

/// The tensor with its two dimensions changed over, its grid too.
Tensor transposed(const Tensor& tensor);

}  // namespace cfc::exchange
