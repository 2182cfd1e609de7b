#include "exchange/import/quantisers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include <fmt/format.h>

#include "exchange/import/source_model.h"

namespace cfc::exchange {
namespace {

using onnx::NodeProto;
using onnx::TensorProto;

struct Range {
  double lo;
  double hi;
};

Range range_of(const NodeProto& node, int type) {
  if (type == TensorProto::UINT8) return {0, 255};
  if (type == TensorProto::INT8) return {-128, 127};
  // Of a bias, which is only dequantised.
  if (type == TensorProto::INT32) {
    return {std::numeric_limits<int>::min(), std::numeric_limits<int>::max()};
  }
  reject(node, "has integers of another type than int8, uint8 or, of a bias, int32");
}

int zero_point_of(const NodeProto& node, double value) {
  if (!(value >= -128 && value <= 255) || value != std::floor(value)) {
    reject(node, fmt::format("has the zero point {}, which 8 bits do not hold", value));
  }
  return static_cast<int>(value);
}

void set_scales(const NodeProto& node, const Tensor& scale, Quantiser& quantiser) {
  quantiser.scales = scale.values;
  const auto is_positive = [](double value) { return value > 0; };
  if (!std::all_of(scale.values.begin(), scale.values.end(), is_positive)) {
    reject(node, "has a scale that is not positive");
  }
}

/// The scale of each element of a constant.
std::vector<double> scales_of(const NodeProto& node, const Tensor& tensor,
                              const Quantiser& quantiser) {
  const std::vector<double>& scales = quantiser.scales;
  if (scales.size() == 1) return std::vector<double>(tensor.values.size(), scales.front());
  const bool fits = quantiser.axis < tensor.shape.size() &&
                    static_cast<std::size_t>(tensor.shape[quantiser.axis]) == scales.size();
  if (!fits) reject(node, fmt::format("has {} scales, which do not fit the shape", scales.size()));
  std::size_t stride = 1;
  for (std::size_t i = quantiser.axis + 1; i < tensor.shape.size(); ++i) {
    stride *= static_cast<std::size_t>(tensor.shape[i]);
  }
  std::vector<double> all;
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    all.push_back(scales[i / stride % scales.size()]);
  }
  return all;
}

Tensor on_grid(Tensor tensor, std::vector<double> integers, const std::vector<double>& scales,
               const Quantiser& quantiser) {
  for (std::size_t i = 0; i < integers.size(); ++i) tensor.values[i] = integers[i] * scales[i];
  tensor.type = TensorProto::FLOAT;
  tensor.grid = Grid{std::move(integers), quantiser.scales, quantiser.axis};
  return tensor;
}

}  // namespace

Tensor dequantised(const NodeProto& node, const Tensor& integers, const Quantiser& quantiser) {
  std::vector<double> moved = integers.values;
  for (double& integer : moved) integer -= quantiser.zero_point;
  return on_grid(integers, std::move(moved), scales_of(node, integers, quantiser), quantiser);
}

Tensor quantised(const NodeProto& node, const Tensor& numbers, const Quantiser& quantiser) {
  const std::vector<double> scales = scales_of(node, numbers, quantiser);
  std::vector<double> integers(numbers.values.size());
  for (std::size_t i = 0; i < integers.size(); ++i) {
    integers[i] = quantiser.integer(numbers.values[i] / scales[i]) - quantiser.zero_point;
  }
  return on_grid(numbers, std::move(integers), scales, quantiser);
}

double Quantiser::integer(double scaled) const {
  double rounded = std::nearbyint(scaled);
  if (rounding == Rounding::half_up) rounded = std::floor(scaled + 0.5);
  if (rounding == Rounding::floor) rounded = std::floor(scaled);
  return std::clamp<double>(rounded + zero_point, lo, hi);
}

bool operator==(const Quantiser& a, const Quantiser& b) {
  return std::tie(a.scales, a.zero_point, a.lo, a.hi) ==
         std::tie(b.scales, b.zero_point, b.lo, b.hi);
}

Quantiser linear_quantiser(const NodeProto& node, const Tensor& scale, const Tensor* zero_point,
                           int type) {
  Quantiser quantiser;
  set_scales(node, scale, quantiser);
  const std::int64_t axis = int_attribute(node, "axis", 1);
  quantiser.axis = static_cast<std::size_t>(axis < 0 ? axis + 2 : axis);
  if (int_attribute(node, "block_size", 0) != 0)
    reject(node, "scales by blocks, which is not supported");
  const Range range = range_of(node, type);
  quantiser.lo = static_cast<int>(range.lo);
  quantiser.hi = static_cast<int>(range.hi);
  quantiser.is_signed = range.lo < 0;
  if (zero_point == nullptr) return quantiser;
  const std::vector<double>& zeros = zero_point->values;
  if (!std::all_of(zeros.begin(), zeros.end(),
                   [&](double zero) { return zero == zeros.front(); })) {
    reject(node, "has another zero point for each output; only one for all is supported");
  }
  quantiser.zero_point = zero_point_of(node, zeros.front());
  if (quantiser.zero_point < quantiser.lo || quantiser.zero_point > quantiser.hi) {
    reject(node, fmt::format("has the zero point {}, outside of its range", quantiser.zero_point));
  }
  return quantiser;
}

Quantiser qonnx_quantiser(const NodeProto& node, const Tensor& scale, const Tensor& zero_point,
                          const Tensor& bits) {
  const double width = bits.single();
  if (width < 2 || width > 8 || width != std::floor(width)) {
    reject(node, fmt::format("quantises to {} bits; 2 to 8 are supported", width));
  }
  const bool is_signed = int_attribute(node, "signed", 1) != 0;
  const int narrow = int_attribute(node, "narrow", 0) != 0 ? 1 : 0;
  const int levels = 1 << static_cast<int>(width);
  Quantiser quantiser;
  set_scales(node, scale, quantiser);
  if (scale.values.size() > 1) {
    const auto large = std::find_if(scale.shape.begin(), scale.shape.end(),
                                    [](std::int64_t size) { return size > 1; });
    quantiser.axis = static_cast<std::size_t>(large - scale.shape.begin());
  }
  quantiser.zero_point = zero_point_of(node, zero_point.single());
  quantiser.lo = is_signed ? -levels / 2 + narrow : 0;
  quantiser.hi = is_signed ? levels / 2 - 1 : levels - 1 - narrow;
  quantiser.is_signed = is_signed;
  if (quantiser.zero_point < quantiser.lo || quantiser.zero_point > quantiser.hi) {
    reject(node, fmt::format("has the zero point {}, outside of its range", quantiser.zero_point));
  }
  const std::string rounding = text_attribute(node, "rounding_mode", "ROUND");
  if (rounding == "FLOOR") {
    quantiser.rounding = Rounding::floor;
  } else if (rounding != "ROUND") {
    reject(node, fmt::format("rounds by '{}'; ROUND and FLOOR are supported", rounding));
  }
  return quantiser;
}

}  // namespace cfc::exchange
