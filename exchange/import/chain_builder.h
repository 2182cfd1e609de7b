#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <onnx/onnx_pb.h>

#include "exchange/import/chain.h"
#include "exchange/import/import.h"
#include "exchange/import/tensor.h"
#include "exchange/import/value_shape.h"

// Internal to the importer.

namespace cfc::exchange {

/// y = y * multiplier + addend, for each output; what is null is left out.
struct ValueScale {
  const Tensor* multiplier{};
  const Tensor* addend{};
  double sign{1};  ///< of the addend
};

/// A chain of layers in the making: what each operator does to the values at its end. Throws
/// InputError, naming the node, where that is no layer's. Says in `notes` what became of the node.
class ChainBuilder {
 public:
  /// `input_type` is the element type of the graph's input.
  ChainBuilder(int input_type, std::vector<std::int64_t> input_shape,
               std::vector<ImportNote>& notes);

  ValueShape& shape() { return shape_; }
  void note(const onnx::NodeProto& node, const std::string& what);

  /// Throws InputError where the values are quantised integers.
  void expect_real(const onnx::NodeProto& node) const;

  /// A layer behind what is there. `bias` may be empty.
  void multiply(const onnx::NodeProto& node, const Tensor& weights, Eigen::VectorXd bias);

  /// Into the last layer, where nothing stands behind it yet, else into the next.
  void scale(const onnx::NodeProto& node, const ValueScale& scale);

  void clamp(const onnx::NodeProto& node, double lo, double hi);
  void shift(const onnx::NodeProto& node, RequantShift shift);

  /// The values keep their meaning and take a scale.
  void quantise(const onnx::NodeProto& node, Quantiser quantiser);

  /// From now on they are stored as integers, or as real numbers again.
  void store_integers() { stored_as_integers_ = true; }
  void store_reals() { stored_as_integers_ = false; }

  /// What the integers at the end stand for must be what this node takes them for.
  void expect_quantiser(const onnx::NodeProto& node, const Quantiser& quantiser);

  /// The element type of the integers at the end.
  std::int64_t integer_type() const;

  /// Throws InputError where a layer is left to be made.
  void expect_layer(const onnx::NodeProto& node) const;

  Chain finish();

 private:
  void scale_last(const onnx::NodeProto& node, const ValueScale& scale);
  void scale_next(const onnx::NodeProto& node, const ValueScale& scale);
  void apply_pending(SourceLayer& layer);
  void check_integers() const;
  SourceLayer& last_layer(const onnx::NodeProto& node);

  Chain chain_;
  std::vector<ImportNote>& notes_;
  ValueShape shape_;
  /// Factors and addends of the next layer's inputs.
  std::optional<std::pair<Eigen::VectorXd, Eigen::VectorXd>> pending_;
  bool stored_as_integers_{false};
};

/// Numbers for each of `count` places. Throws InputError where there are others.
Eigen::VectorXd spread(const Tensor& tensor, Eigen::Index count, const onnx::NodeProto& node);

}  // namespace cfc::exchange
