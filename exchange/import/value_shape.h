#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <onnx/onnx_pb.h>

#include "exchange/import/tensor.h"

// Internal to the importer.

namespace cfc::exchange {

/// The dimensions of a value on the chain, behind the batch; -1 where one is open, and none where
/// nothing is known. Follows the operators that change them, and throws InputError, naming the
/// node, where one changes the number of vectors or the order of a vector's values.
class ValueShape {
 public:
  explicit ValueShape(std::vector<std::int64_t> sizes) : sizes_(std::move(sizes)) {}

  void flatten(const onnx::NodeProto& node);
  void reshape(const onnx::NodeProto& node, const Tensor& sizes);
  /// `axes`: those that are an input; null where they are an attribute, or left out.
  void squeeze(const onnx::NodeProto& node, const Tensor* axes);
  void unsqueeze(const onnx::NodeProto& node, const Tensor* axes);
  void transpose(const onnx::NodeProto& node);

  /// Throws InputError unless `node` can multiply it by a matrix of so many rows.
  void check_product(const onnx::NodeProto& node, std::int64_t rows) const;

  /// Throws InputError unless a constant lies along the dimension in which the values lie.
  void check_beside(const onnx::NodeProto& node, const Tensor& constant) const;

 private:
  /// Values of a vector; nothing where a dimension is open.
  std::optional<std::int64_t> width() const;

  std::vector<std::int64_t> sizes_;
};

}  // namespace cfc::exchange
