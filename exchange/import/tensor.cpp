#include "exchange/import/tensor.h"

#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "support/error.h"
#include "support/numbers.h"
#include "support/whole_file.h"

namespace cfc::exchange {
namespace {

namespace fs = std::filesystem;
using onnx::TensorProto;

constexpr std::int64_t kMostElements = std::int64_t{1} << 28;

[[noreturn]] void fail(const std::string& name, const std::string& why) {
  throw InputError(fmt::format("constant '{}' {}", name, why));
}

std::size_t elements_of(const TensorProto& proto) {
  std::int64_t elements = 1;
  for (const std::int64_t size : proto.dims()) {
    if (size < 1 || size > kMostElements / elements) fail(proto.name(), "has an impossible shape");
    elements *= size;
  }
  return static_cast<std::size_t>(elements);
}

/// Bytes of a tensor in a file of its own, which must lie in the model's folder.
std::string external_bytes(const TensorProto& proto, const fs::path& folder) {
  fs::path location;
  std::size_t offset = 0, length = std::string::npos;
  for (const auto& entry : proto.external_data()) {
    try {
      constexpr std::size_t kMost = std::size_t{1} << 40;
      if (entry.key() == "location") location = entry.value();
      if (entry.key() == "offset") offset = parse_integer<std::size_t>(entry.value(), 0, kMost);
      if (entry.key() == "length") length = parse_integer<std::size_t>(entry.value(), 0, kMost);
    } catch (const ValueError& error) {
      fail(proto.name(),
           fmt::format("lies in another file at an impossible place: {}", error.what()));
    }
  }
  std::error_code ignored;
  const fs::path file = fs::weakly_canonical(folder / location, ignored);
  const fs::path home = fs::weakly_canonical(folder.empty() ? "." : folder, ignored);
  if (location.empty() || file.lexically_relative(home).string().rfind("..", 0) == 0) {
    fail(proto.name(),
         fmt::format("lies in the file '{}', outside of the model's folder; put it there",
                     printable(location.string())));
  }
  const std::string bytes = read_whole_file(
      file, fmt::format("put the file of constant '{}' beside the model", proto.name()));
  if (offset > bytes.size()) fail(proto.name(), "lies behind the end of its file");
  return bytes.substr(offset, length);
}

template <typename Element>
void copy_raw(const std::string& bytes, Tensor& tensor) {
  if (bytes.size() != tensor.values.size() * sizeof(Element)) {
    fail(tensor.name, "has not the elements of its shape");
  }
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    Element element;
    std::memcpy(&element, bytes.data() + i * sizeof element, sizeof element);
    tensor.values[i] = static_cast<double>(element);
  }
}

template <typename List>
void copy_list(const List& list, Tensor& tensor) {
  if (static_cast<std::size_t>(list.size()) != tensor.values.size()) {
    fail(tensor.name, "has not the elements of its shape");
  }
  std::copy(list.begin(), list.end(), tensor.values.begin());
}

template <typename Element, typename List>
void copy(const std::string& raw, const List& list, Tensor& tensor) {
  if (raw.empty()) {
    copy_list(list, tensor);
  } else {
    copy_raw<Element>(raw, tensor);
  }
}

void copy_values(const TensorProto& proto, const std::string& raw, Tensor& tensor) {
  switch (proto.data_type()) {
    case TensorProto::FLOAT:
      return copy<float>(raw, proto.float_data(), tensor);
    case TensorProto::DOUBLE:
      return copy<double>(raw, proto.double_data(), tensor);
    case TensorProto::INT64:
      return copy<std::int64_t>(raw, proto.int64_data(), tensor);
    case TensorProto::INT32:
      return copy<std::int32_t>(raw, proto.int32_data(), tensor);
    case TensorProto::INT8:
      return copy<std::int8_t>(raw, proto.int32_data(), tensor);
    case TensorProto::UINT8:
    case TensorProto::BOOL:
      return copy<std::uint8_t>(raw, proto.int32_data(), tensor);
    default:
      fail(proto.name(),
           "is of a type that is not supported; supported are float, double, int8, uint8, "
           "int32, int64 and bool");
  }
}

}  // namespace

double Tensor::single() const {
  if (!is_single())
    fail(name, fmt::format("has {} elements, where one is expected", values.size()));
  return values.front();
}

bool is_real_type(std::int64_t type) {
  return type == TensorProto::FLOAT || type == TensorProto::DOUBLE;
}

Tensor read_tensor(const TensorProto& proto, const fs::path& folder) {
  Tensor tensor;
  tensor.name = printable(proto.name());
  tensor.type = proto.data_type();
  tensor.shape.assign(proto.dims().begin(), proto.dims().end());
  tensor.values.resize(elements_of(proto));
  const bool is_external = proto.data_location() == TensorProto::EXTERNAL;
  copy_values(proto, is_external ? external_bytes(proto, folder) : proto.raw_data(), tensor);
  for (const double value : tensor.values) {
    if (!std::isfinite(value)) fail(tensor.name, "holds an infinite number, or none (NaN)");
  }
  return tensor;
}

Numbers matrix_of(const Tensor& tensor) {
  if (tensor.shape.size() != 2) {
    fail(tensor.name,
         fmt::format("has {} dimensions, where a matrix is expected", tensor.shape.size()));
  }
  return Eigen::Map<const Numbers>(tensor.values.data(), tensor.shape[0], tensor.shape[1]);
}

Tensor transposed(const Tensor& tensor) {
  const Numbers matrix = matrix_of(tensor).transpose();
  Tensor result = tensor;
  result.shape = {tensor.shape[1], tensor.shape[0]};
  result.values.assign(matrix.data(), matrix.data() + matrix.size());
  if (tensor.grid) {
    const Numbers integers =
        Eigen::Map<const Numbers>(tensor.grid->integers.data(), tensor.shape[0], tensor.shape[1])
            .transpose();
    result.grid->integers.assign(integers.data(), integers.data() + integers.size());
    result.grid->axis = 1 - tensor.grid->axis;
  }
  return result;
}

}  // namespace cfc::exchange
