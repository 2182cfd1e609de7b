#pragma once

#include <map>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "golden/network.h"

// Internal to golden's ONNX reader.

namespace cfc::golden::onnx_graph {

/// The constants of a graph by name, checked when they are asked for. What a constant lacks or has
/// too much throws InputError with its name.
class Constants {
 public:
  /// Throws InputError on two constants of one name, and on sparse ones.
  explicit Constants(const onnx::GraphProto& graph);

  bool has(const std::string& name) const { return tensors_.count(name) > 0; }
  bool is_scalar(const std::string& name) const;

  MatrixS8 matrix(const std::string& name) const;      ///< s8, two dimensions
  VectorS32 vector(const std::string& name) const;     ///< s32, one dimension
  std::int32_t scalar(const std::string& name) const;  ///< s32, no dimension

  std::int64_t wide_number(const std::string& name) const;                ///< s64, no dimension
  std::vector<std::int64_t> wide_numbers(const std::string& name) const;  ///< s64, none or one

 private:
  struct Wanted {
    onnx::TensorProto::DataType type;
    int dimensions;
    const char* text;  ///< "a matrix of s8"
  };
  const onnx::TensorProto& find(const std::string& name, const Wanted& wanted) const;

  std::map<std::string, const onnx::TensorProto*> tensors_;
};

}  // namespace cfc::golden::onnx_graph
