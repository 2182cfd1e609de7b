#pragma once

#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "tests/helpers/random_networks.h"

namespace cfc::testing {

/// Writes the nodes and constants of an ONNX graph as an exporter would.
class GraphWriter {
 public:
  explicit GraphWriter(int operator_set);

  /// Declares input `x`, batch x `columns`.
  void input(int type, std::int64_t columns);
  void output(const std::string& name, int type, std::int64_t columns);

  onnx::NodeProto& node(const std::string& op, const std::vector<std::string>& inputs,
                        const std::string& output, const std::string& domain = "");
  static void attribute(onnx::NodeProto& node, const std::string& name, std::int64_t value);
  static void attribute(onnx::NodeProto& node, const std::string& name, float value);

  /// Constants; return their name.
  std::string floats(const std::string& name, const std::vector<std::int64_t>& shape,
                     const std::vector<float>& values);
  std::string integers(const std::string& name, int type, const std::vector<std::int64_t>& shape,
                       const std::vector<int>& values);

  onnx::ModelProto& model() { return model_; }

 private:
  onnx::ModelProto model_;
};

/// How a source says what it computes.
enum class SourceKind { real, qdq, qlinear_matmul, qgemm };

/// A random chain of 1 to 3 layers, with the habits of exporters.
struct RandomSource {
  onnx::ModelProto model;
  std::int64_t inputs;
  std::int64_t outputs;
};
RandomSource random_source(Generator& generator, SourceKind kind);

}  // namespace cfc::testing
