#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <ATen/core/Tensor.h>

#include "compress/network/samples.h"

namespace cfc::compress {

/// The numbers with which a forward pass computes.
enum class Arithmetic {
  real,     ///< float32, nothing is rounded on purpose
  integer,  ///< the integers of the exported network, each times a power of two: float32 holds them
            ///< exactly as long as every accumulator stays below 2^24
};

/// Trainable weights and their integer format: integer = clip(round(value * 2^exponent)).
struct Weights {
  at::Tensor value;
  int bits{8};
  int exponent{0};

  at::Tensor as(Arithmetic arithmetic) const;
  at::Tensor integers() const;  ///< float32
};

/// y = W^T x
struct Dense {
  Weights w;  ///< m x n
};

/// y = V^T (U^T x), with z = U^T x rounded to `z_bits` bits on its way
struct Factorised {
  Weights u;  ///< m x r
  Weights v;  ///< r x n
  int z_bits{8};
  int z_exponent{0};
};

/// One FC layer in training. A value is its integer times 2^-exponent; the exponents mean something
/// once `calibrate` has chosen them.
struct FullyConnected {
  std::string name;
  std::variant<Dense, Factorised> weights;
  at::Tensor bias;                     ///< n
  int input_exponent{kPixelExponent};  ///< a u8 input is its integer * 2^-input_exponent
  std::optional<int> output_exponent;  ///< of the u8 activations; not set in the last layer

  /// y + bias of `input` (images x m): images x n.
  at::Tensor sums(const at::Tensor& input, Arithmetic arithmetic) const;
  /// The same with the activation, where the layer has one.
  at::Tensor forward(const at::Tensor& input, Arithmetic arithmetic) const;
  /// Exponent of the integer sum, bias included.
  int sum_exponent() const;
  /// Integers of the bias, at the exponent of the sum: n, float32.
  at::Tensor bias_integers() const;
  /// Every tensor that training changes.
  std::vector<at::Tensor> parameters() const;

  /// Chooses all exponents of the layer, from its weights and from a batch of its inputs.
  void calibrate(const at::Tensor& input);
};

}  // namespace cfc::compress
