#include "exchange/import/constant_folding.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "exchange/import/quantisers.h"
#include "exchange/import/source_model.h"
#include "support/error.h"

namespace cfc::exchange {
namespace {

using onnx::NodeProto;
using onnx::TensorProto;
using Inputs = std::vector<const Tensor*>;

const Tensor& input(const NodeProto& node, const Inputs& inputs, std::size_t index) {
  if (index >= inputs.size() || inputs[index] == nullptr) {
    reject(node, fmt::format("lacks its input {}", index));
  }
  return *inputs[index];
}

Tensor cast(const NodeProto& node, const Inputs& inputs) {
  const Tensor& of = input(node, inputs, 0);
  const auto is_whole = [](double value) { return value == std::floor(value); };
  const std::int64_t type = int_attribute(node, "to", TensorProto::FLOAT);
  if (!is_real_type(type) && !std::all_of(of.values.begin(), of.values.end(), is_whole)) {
    reject(node, "rounds a constant");
  }
  Tensor result = of;
  result.type = static_cast<int>(type);
  return result;
}

/// Dimensions do not matter where a constant becomes a vector or a scalar; a matrix keeps its own.
Tensor same(const NodeProto& node, const Inputs& inputs) { return input(node, inputs, 0); }

Tensor transpose(const NodeProto& node, const Inputs& inputs) {
  const Tensor& of = input(node, inputs, 0);
  if (of.shape.size() < 2) return of;
  const std::vector<std::int64_t> order = ints_attribute(node, "perm");
  if (order == std::vector<std::int64_t>{0, 1}) return of;
  return transposed(of);
}

Tensor reshape(const NodeProto& node, const Inputs& inputs) {
  Tensor result = input(node, inputs, 0);
  std::vector<std::int64_t> shape;
  for (const double size : input(node, inputs, 1).values) {
    if (!(std::abs(size) <= 1e9)) reject(node, "has an impossible shape");
    shape.push_back(static_cast<std::int64_t>(size));
  }
  const auto open = std::find(shape.begin(), shape.end(), -1);
  const auto count = static_cast<std::int64_t>(result.values.size());
  std::int64_t known = 1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 0 && i < result.shape.size()) shape[i] = result.shape[i];
    if (shape[i] > count / known) reject(node, "changes the number of elements");
    if (shape[i] > 0) known *= shape[i];
  }
  if (known < 1 || (open != shape.end() ? count % known != 0 : known != count)) {
    reject(node, "changes the number of elements");
  }
  if (open != shape.end()) *open = count / known;
  if (std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 1; })) {
    reject(node, "has an impossible shape");
  }
  if (result.grid && result.grid->scales.size() > 1)
    reject(node, "reshapes a scale for each output");
  result.shape = shape;
  return result;
}

Tensor constant(const NodeProto& node, const Inputs&, const std::filesystem::path& folder) {
  if (const TensorProto* value = tensor_attribute(node, "value"))
    return read_tensor(*value, folder);
  Tensor result;
  result.values = {float_attribute(node, "value_float", 0)};
  for (const auto& attribute : node.attribute()) {
    if (attribute.name() == "value_int") result.values = {static_cast<double>(attribute.i())};
    if (attribute.name() == "value_floats" || attribute.name() == "value_ints") {
      result.values.assign(attribute.floats().begin(), attribute.floats().end());
      for (const auto number : attribute.ints())
        result.values.push_back(static_cast<double>(number));
      result.shape = {static_cast<std::int64_t>(result.values.size())};
    }
  }
  const bool is_finite = std::all_of(result.values.begin(), result.values.end(),
                                     [](double value) { return std::isfinite(value); });
  if (result.values.empty() || !is_finite) reject(node, "holds nothing, or no finite number");
  return result;
}

Tensor dequantise(const NodeProto& node, const Inputs& inputs) {
  const Tensor& of = input(node, inputs, 0);
  return dequantised(node, of,
                     linear_quantiser(node, input(node, inputs, 1),
                                      inputs.size() > 2 ? inputs[2] : nullptr, of.type));
}

/// Its result is integers of their own; a DequantizeLinear behind it makes the grid.
Tensor quantise(const NodeProto& node, const Inputs& inputs) {
  const Tensor* zero_point = inputs.size() > 2 ? inputs[2] : nullptr;
  const Quantiser quantiser = linear_quantiser(node, input(node, inputs, 1), zero_point,
                                               zero_point ? zero_point->type : TensorProto::UINT8);
  Tensor result = quantised(node, input(node, inputs, 0), quantiser);
  result.values = std::move(result.grid->integers);
  for (double& value : result.values) value += quantiser.zero_point;
  result.grid.reset();
  result.type = zero_point ? zero_point->type : TensorProto::UINT8;
  return result;
}

Tensor quant(const NodeProto& node, const Inputs& inputs) {
  return quantised(node, input(node, inputs, 0),
                   qonnx_quantiser(node, input(node, inputs, 1), input(node, inputs, 2),
                                   input(node, inputs, 3)));
}

}  // namespace

Tensor folded(const NodeProto& node, const Inputs& inputs, const std::filesystem::path& folder) {
  using Fold = Tensor (*)(const NodeProto&, const Inputs&);
  static const std::map<std::string, Fold> folds{{"Identity", same},
                                                 {"Cast", cast},
                                                 {"Squeeze", same},
                                                 {"Unsqueeze", same},
                                                 {"Flatten", same},
                                                 {"Dropout", same},
                                                 {"Transpose", transpose},
                                                 {"Reshape", reshape},
                                                 {"QuantizeLinear", quantise},
                                                 {"DequantizeLinear", dequantise},
                                                 {"Quant", quant}};
  if (node.op_type() == "Constant") return constant(node, inputs, folder);
  const auto found = folds.find(node.op_type());
  if (found == folds.end()) {
    reject(node,
           "computes a constant, which is not supported for this operator; export the model with "
           "constants folded");
  }
  Tensor result = found->second(node, inputs);
  result.name = node.output(0);
  return result;
}

}  // namespace cfc::exchange
