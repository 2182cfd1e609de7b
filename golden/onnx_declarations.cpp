#include "golden/onnx_declarations.h"

#include <fmt/format.h>

#include "support/error.h"

namespace cfc::golden::onnx_graph {
namespace {

using onnx::TensorProto;

// In set 14 Relu came to integers; later ones left the eight operators as they are.
constexpr std::int64_t kOldestOperatorSet = 14;
constexpr std::int64_t kNewestOperatorSet = 23;
constexpr std::int64_t kOldestFormat = 3;
constexpr std::int64_t kNewestFormat = 11;

std::string type_name(int type) {
  return TensorProto::DataType_IsValid(type)
             ? TensorProto::DataType_Name(static_cast<TensorProto::DataType>(type))
             : fmt::format("type {}", type);
}

}  // namespace

Declarations::Declarations(const onnx::GraphProto& graph) {
  for (const auto* list : {&graph.input(), &graph.output(), &graph.value_info()}) {
    for (const onnx::ValueInfoProto& value : *list) {
      if (!value.has_type()) continue;
      if (!value.type().has_tensor_type()) {
        throw InputError(fmt::format("'{}' is declared as no tensor", value.name()));
      }
      const auto [place, is_new] = types_.emplace(value.name(), &value.type());
      if (is_new || place->second->SerializeAsString() == value.type().SerializeAsString())
        continue;
      throw InputError(fmt::format("'{}' is declared twice, in different ways", value.name()));
    }
  }
}

const onnx::TypeProto* Declarations::find(const std::string& tensor) const {
  const auto found = types_.find(tensor);
  return found == types_.end() ? nullptr : found->second;
}

void Declarations::expect_declared(const std::string& tensor) const {
  if (!find(tensor)) throw InputError(fmt::format("input '{}' is declared without a type", tensor));
}

void Declarations::expect_type(const std::string& tensor, TensorProto::DataType type) const {
  const onnx::TypeProto* declared = find(tensor);
  if (!declared || declared->tensor_type().elem_type() == type) return;
  throw InputError(fmt::format("'{}' is declared as {}, but must be {}", tensor,
                               type_name(declared->tensor_type().elem_type()), type_name(type)));
}

void Declarations::expect_columns(const std::string& tensor, std::int64_t columns) const {
  const onnx::TypeProto* declared = find(tensor);
  if (!declared || !declared->tensor_type().has_shape()) return;
  const auto& shape = declared->tensor_type().shape();
  if (shape.dim_size() != 2) {
    throw InputError(fmt::format("'{}' is declared with {} dimensions; it has two, batch and {}",
                                 tensor, shape.dim_size(), columns));
  }
  if (shape.dim(0).has_dim_value() && shape.dim(0).dim_value() < 1) {
    throw InputError(
        fmt::format("'{}' is declared with a batch of {}; it must be 1 or more, or open", tensor,
                    shape.dim(0).dim_value()));
  }
  if (shape.dim(1).has_dim_value() && shape.dim(1).dim_value() != columns) {
    throw InputError(fmt::format("'{}' is declared with {} columns, but has {}", tensor,
                                 shape.dim(1).dim_value(), columns));
  }
}

void check_versions(const onnx::ModelProto& model) {
  if (model.ir_version() < kOldestFormat || model.ir_version() > kNewestFormat) {
    throw InputError(fmt::format("is of version {} of the file format; known are {} to {}",
                                 model.ir_version(), kOldestFormat, kNewestFormat));
  }
  if (model.functions_size() > 0) {
    throw InputError("defines functions; save it with them inlined");
  }
  int found = 0;
  for (const auto& import : model.opset_import()) {
    if (!import.domain().empty() && import.domain() != "ai.onnx") continue;
    ++found;
    if (import.version() < kOldestOperatorSet || import.version() > kNewestOperatorSet) {
      throw InputError(fmt::format("uses operator set {}; known are {} to {}", import.version(),
                                   kOldestOperatorSet, kNewestOperatorSet));
    }
  }
  if (found != 1) {
    throw InputError(fmt::format("names {} operator sets; it must name one", found));
  }
}

}  // namespace cfc::golden::onnx_graph
