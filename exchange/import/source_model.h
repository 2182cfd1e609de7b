#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "exchange/import/tensor.h"

// Internal to the importer.

namespace cfc::exchange {

/// "MatMul node 'dense_1'"; a node without a name is known by what it makes.
std::string name_of(const onnx::NodeProto& node);

[[noreturn]] void reject(const onnx::NodeProto& node, const std::string& why);

/// Attributes of a node. Throws InputError where one has another type than asked for.
double float_attribute(const onnx::NodeProto& node, const std::string& name, double otherwise);
std::int64_t int_attribute(const onnx::NodeProto& node, const std::string& name,
                           std::int64_t otherwise);
std::string text_attribute(const onnx::NodeProto& node, const std::string& name,
                           const std::string& otherwise);
std::vector<std::int64_t> ints_attribute(const onnx::NodeProto& node, const std::string& name);
const onnx::TensorProto* tensor_attribute(const onnx::NodeProto& node, const std::string& name);

/// A model as an exporter wrote it: its constants evaluated, and the way from its input to its
/// output.
class SourceModel {
 public:
  /// Throws InputError on a file that is no ONNX model, or none with one input and one output.
  explicit SourceModel(const std::filesystem::path& file);
  SourceModel(const SourceModel&) = delete;  // its maps point into its graph
  SourceModel& operator=(const SourceModel&) = delete;

  const std::string& input() const { return input_; }
  const std::string& output() const { return output_; }
  int input_type() const { return input_type_; }

  /// Declared dimensions of the input behind the batch; -1 where one is open.
  const std::vector<std::int64_t>& input_shape() const { return input_shape_; }

  /// How many nodes there are.
  int nodes() const { return model_.graph().node_size(); }

  /// Null where `name` is no constant.
  const Tensor* constant(const std::string& name) const;

  /// The one node that takes `tensor` and is not constant itself. Throws InputError where there are
  /// more, or none.
  const onnx::NodeProto& consumer(const std::string& tensor) const;

 private:
  void check_operator_set() const;
  void read_ends();
  void read_nodes(const std::filesystem::path& folder);

  onnx::ModelProto model_;
  std::map<std::string, Tensor> constants_;
  std::map<std::string, std::vector<const onnx::NodeProto*>> consumers_;
  std::string input_;
  std::string output_;
  int input_type_{};
  std::vector<std::int64_t> input_shape_;
};

}  // namespace cfc::exchange
