#include "golden/onnx_constants.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "support/error.h"

namespace cfc::golden::onnx_graph {
namespace {

using onnx::TensorProto;

constexpr std::int64_t kMaxElements = std::int64_t{1} << 28;

const auto& numbers_of(const TensorProto& tensor, std::int64_t /*of this type*/) {
  return tensor.int64_data();
}
/// ONNX keeps small integers as one s32 each, if not as raw bytes.
const auto& numbers_of(const TensorProto& tensor, std::int32_t /*of this type or a narrower*/) {
  return tensor.int32_data();
}

template <typename Element>
Element narrowed(const TensorProto& tensor, std::int64_t value) {
  using Limits = std::numeric_limits<Element>;
  if (value < Limits::min() || value > Limits::max()) {
    throw InputError(fmt::format("constant '{}' holds {}, outside of {} to {}", tensor.name(),
                                 value, Limits::min(), Limits::max()));
  }
  return static_cast<Element>(value);
}

template <typename Element>
void copy(const TensorProto& tensor, Element* values, Index count) {
  const std::string& raw = tensor.raw_data();
  const auto& numbers = numbers_of(tensor, Element{});
  if (raw.size() == static_cast<std::size_t>(count) * sizeof(Element) && numbers.empty()) {
    std::copy(raw.begin(), raw.end(), reinterpret_cast<char*>(values));
  } else if (raw.empty() && numbers.size() == count) {
    std::transform(numbers.begin(), numbers.end(), values,
                   [&](std::int64_t value) { return narrowed<Element>(tensor, value); });
  } else {
    throw InputError(
        fmt::format("constant '{}' has not the {} elements of its shape", tensor.name(), count));
  }
}

}  // namespace

Constants::Constants(const onnx::GraphProto& graph) {
  if (graph.sparse_initializer_size() > 0) {
    throw InputError("the graph has sparse constants; save them as plain tensors");
  }
  for (const TensorProto& tensor : graph.initializer()) {
    if (!tensors_.emplace(tensor.name(), &tensor).second) {
      throw InputError(fmt::format("constant '{}' is given twice; keep one", tensor.name()));
    }
  }
}

bool Constants::is_scalar(const std::string& name) const {
  const auto found = tensors_.find(name);
  return found != tensors_.end() && found->second->dims_size() == 0;
}

MatrixS8 Constants::matrix(const std::string& name) const {
  const TensorProto& tensor = find(name, {TensorProto::INT8, 2, "a matrix of s8"});
  MatrixS8 values(tensor.dims(0), tensor.dims(1));
  copy(tensor, values.data(), values.size());
  return values;
}

VectorS32 Constants::vector(const std::string& name) const {
  const TensorProto& tensor = find(name, {TensorProto::INT32, 1, "a vector of s32"});
  VectorS32 values(tensor.dims(0));
  copy(tensor, values.data(), values.size());
  return values;
}

std::int32_t Constants::scalar(const std::string& name) const {
  const TensorProto& tensor = find(name, {TensorProto::INT32, 0, "a scalar of s32"});
  std::int32_t value = 0;
  copy(tensor, &value, 1);
  return value;
}

std::int64_t Constants::wide_number(const std::string& name) const {
  const TensorProto& tensor = find(name, {TensorProto::INT64, 0, "a scalar of s64"});
  std::int64_t value = 0;
  copy(tensor, &value, 1);
  return value;
}

std::vector<std::int64_t> Constants::wide_numbers(const std::string& name) const {
  if (is_scalar(name)) return {wide_number(name)};
  const TensorProto& tensor = find(name, {TensorProto::INT64, 1, "a scalar or vector of s64"});
  std::vector<std::int64_t> values(static_cast<std::size_t>(tensor.dims(0)));
  copy(tensor, values.data(), tensor.dims(0));
  return values;
}

const TensorProto& Constants::find(const std::string& name, const Wanted& wanted) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw InputError(fmt::format("constant '{}' is missing", name));
  const TensorProto& tensor = *found->second;
  if (tensor.data_type() != wanted.type || tensor.dims_size() != wanted.dimensions) {
    throw InputError(fmt::format("constant '{}' is not {}", name, wanted.text));
  }
  std::int64_t elements = 1;
  for (const std::int64_t size : tensor.dims()) {
    if (size < 1 || size > kMaxElements / elements) {
      throw InputError(fmt::format("constant '{}' has an impossible shape", name));
    }
    elements *= size;
  }
  if (tensor.data_location() == TensorProto::EXTERNAL) {
    throw InputError(fmt::format("constant '{}' lies in another file; save it inside", name));
  }
  return tensor;
}

}  // namespace cfc::golden::onnx_graph
