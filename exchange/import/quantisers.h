#pragma once

#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

#include "exchange/import/tensor.h"

// Internal to the importer.

namespace cfc::exchange {

enum class Rounding { half_even, half_up, floor };

/// What brings real numbers to integers: clip(round(value / scale) + zero_point, lo, hi).
struct Quantiser {
  std::vector<double> scales;  ///< one, or one for each place of `axis`
  std::size_t axis{0};
  int zero_point{0};
  int lo{0};
  int hi{255};
  Rounding rounding{Rounding::half_even};
  bool is_signed{false};  ///< as stored, s8
  bool is_chosen{false};  ///< by the importer: no source defines what it must give

  /// Of a value that is divided by its scale already.
  double integer(double scaled) const;
};

bool operator==(const Quantiser& a, const Quantiser& b);

/// That of QuantizeLinear, DequantizeLinear and the operators that have them built in. `type` is
/// that of the integers. Throws InputError.
Quantiser linear_quantiser(const onnx::NodeProto& node, const Tensor& scale,
                           const Tensor* zero_point, int type);

/// Integers of a constant as the real numbers that they stand for; and real numbers brought to the
/// nearest that a quantiser has. Either keeps the grid. Throws InputError where scales do not fit.
Tensor dequantised(const onnx::NodeProto& node, const Tensor& integers, const Quantiser& quantiser);
Tensor quantised(const onnx::NodeProto& node, const Tensor& numbers, const Quantiser& quantiser);

/// That of QONNX's Quant. Throws InputError.
Quantiser qonnx_quantiser(const onnx::NodeProto& node, const Tensor& scale,
                          const Tensor& zero_point, const Tensor& bits);

}  // namespace cfc::exchange
