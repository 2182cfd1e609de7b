#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "golden/onnx_constants.h"
#include "golden/onnx_declarations.h"

// Internal to golden's ONNX reader.

namespace cfc::golden::onnx_graph {

/// Walks a chain of nodes from the graph's input to its output. What does not fit throws InputError
/// that names the node, by its output where it has no name.
class ChainReader {
 public:
  explicit ChainReader(const onnx::GraphProto& graph);

  bool at_end() const { return tensor_ == output_; }
  bool all_read() const { return nodes_left_ == 0; }
  const Constants& constants() const { return constants_; }
  const Declarations& declarations() const { return declarations_; }
  const std::string& input() const { return input_; }
  const std::string& output() const { return output_; }

  /// The node that takes the current tensor.
  const onnx::NodeProto& peek() const;
  bool next_is(const char* op) const { return !at_end() && peek().op_type() == op; }

  /// Goes on behind the next node, which must be `op` with `operands` more inputs.
  const onnx::NodeProto& take(const char* op, int operands);
  /// The same for a Cast to `type`.
  const onnx::NodeProto& take_cast(onnx::TensorProto::DataType type);

  /// The s8 constant behind a Cast to s32, input `index` of `node`.
  MatrixS8 cast_matrix(const onnx::NodeProto& node, int index);

  /// Input `input` of `node` is the scalar `value`, as the rounding shift needs it.
  void expect(const onnx::NodeProto& node, int input, std::int64_t value) const;

  [[noreturn]] static void reject(const onnx::NodeProto& node, const std::string& why);

 private:
  void add_node(const onnx::NodeProto& node);
  void expect_target(const onnx::NodeProto& cast, onnx::TensorProto::DataType type) const;

  Constants constants_;
  Declarations declarations_;
  std::map<std::string, std::vector<const onnx::NodeProto*>> consumers_;
  std::map<std::string, const onnx::NodeProto*> makers_;
  std::string tensor_;
  onnx::TensorProto::DataType type_{onnx::TensorProto::UINT8};  ///< of the current tensor
  std::string input_;
  std::string output_;
  int nodes_left_;
};

}  // namespace cfc::golden::onnx_graph
