#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <onnx/onnx_pb.h>

// Internal to golden's ONNX reader.

namespace cfc::golden::onnx_graph {

/// Types and shapes that a graph declares of its tensors. What is declared must be what the chain
/// makes: another runtime goes by it.
class Declarations {
 public:
  /// Throws InputError where one tensor is declared twice in different ways.
  explicit Declarations(const onnx::GraphProto& graph);

  /// Throws InputError if the tensor is not declared at all, as an input of a graph must be.
  void expect_declared(const std::string& tensor) const;

  /// Throws InputError if the tensor is declared with another element type.
  void expect_type(const std::string& tensor, onnx::TensorProto::DataType type) const;

  /// Throws InputError if the tensor is declared with a shape other than batch x `columns`. A size
  /// that is left open, or has a name, fits.
  void expect_columns(const std::string& tensor, std::int64_t columns) const;

 private:
  const onnx::TypeProto* find(const std::string& tensor) const;

  std::map<std::string, const onnx::TypeProto*> types_;
};

/// Throws InputError unless the operators of the model mean what docs/reference/networks.md says:
/// a known version of the file format and of the default operator set, and no functions.
void check_versions(const onnx::ModelProto& model);

}  // namespace cfc::golden::onnx_graph
