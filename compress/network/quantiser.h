#pragma once

#include <ATen/core/Tensor.h>

#include "golden/fixed_point.h"

namespace cfc::compress {

/// Inclusive range of the integers that a quantised value may take.
using IntegerRange = golden::SignedRange;

inline constexpr IntegerRange kActivationRange{0, 255};

/// Symmetric range of a weight, -(2^(bits-1) - 1) to 2^(bits-1) - 1: the lowest number is left out,
/// so that rounding to the range does not favour one sign.
constexpr IntegerRange weight_range(int bits) {
  const std::int32_t hi = golden::signed_range(bits).hi;
  return {-hi, hi};
}

/// The integers that stand for `value`: clip(floor(value * 2^exponent + 1/2)), still as float32.
at::Tensor to_integers(const at::Tensor& value, int exponent, IntegerRange range);

/// The real numbers that these integers stand for, integer * 2^-exponent. Backwards the gradient
/// goes straight through the rounding and the clip.
at::Tensor quantise(const at::Tensor& value, int exponent, IntegerRange range);

/// ReLU and rounding to u8 * 2^-exponent. Backwards the gradient goes straight through the rounding
/// and stops where `sum` is negative or saturates.
at::Tensor activate(const at::Tensor& sum, int exponent);

/// Exponent for weights of `bits` bits: of the largest that clips nothing and the two above it
/// (which clip a little and round finer), the one with the least squared error.
int weight_exponent(const at::Tensor& weights, int bits);

/// Largest exponent that keeps 99.99 % of the magnitudes in `values` at or below `limit`.
int range_exponent(const at::Tensor& values, int limit);

}  // namespace cfc::compress
