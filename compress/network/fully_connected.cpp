#include "compress/network/fully_connected.h"

#include <algorithm>

#include <ATen/TensorOperators.h>

#include "compress/network/quantiser.h"

namespace cfc::compress {
namespace {

/// More than any bias needs, few enough for float32 to hold it exactly.
constexpr IntegerRange kBiasRange = golden::signed_range(24);

/// A requantising shift cannot be negative: a result is at most as fine as the sum it comes from.
int calibrated_exponent(const at::Tensor& values, int limit, int sum_exponent) {
  return std::min(range_exponent(values, limit), sum_exponent);
}

void choose_exponent(Weights& weights) {
  weights.exponent = weight_exponent(weights.value, weights.bits);
}

at::Tensor product(const Dense& dense, const at::Tensor& input, Arithmetic arithmetic) {
  return input.matmul(dense.w.as(arithmetic));
}

at::Tensor product(const Factorised& factors, const at::Tensor& input, Arithmetic arithmetic) {
  at::Tensor z = input.matmul(factors.u.as(arithmetic));
  if (arithmetic == Arithmetic::integer)
    z = quantise(z, factors.z_exponent, golden::signed_range(factors.z_bits));
  return z.matmul(factors.v.as(arithmetic));
}

void calibrate_weights(Dense& dense, const at::Tensor& /*input*/, int /*input_exponent*/) {
  choose_exponent(dense.w);
}

void calibrate_weights(Factorised& factors, const at::Tensor& input, int input_exponent) {
  choose_exponent(factors.u);
  choose_exponent(factors.v);
  const at::Tensor z = input.matmul(factors.u.as(Arithmetic::integer));
  factors.z_exponent = calibrated_exponent(z, golden::signed_range(factors.z_bits).hi,
                                           input_exponent + factors.u.exponent);
}

}  // namespace

at::Tensor Weights::as(Arithmetic arithmetic) const {
  return arithmetic == Arithmetic::real ? value : quantise(value, exponent, weight_range(bits));
}

at::Tensor Weights::integers() const {
  return to_integers(value.detach(), exponent, weight_range(bits));
}

at::Tensor FullyConnected::sums(const at::Tensor& input, Arithmetic arithmetic) const {
  const at::Tensor y =
      std::visit([&](const auto& kind) { return product(kind, input, arithmetic); }, weights);
  if (arithmetic == Arithmetic::real) return y + bias;
  return y + quantise(bias, sum_exponent(), kBiasRange);
}

at::Tensor FullyConnected::forward(const at::Tensor& input, Arithmetic arithmetic) const {
  at::Tensor sum = sums(input, arithmetic);
  if (!output_exponent) return sum;
  return arithmetic == Arithmetic::real ? sum.relu() : activate(sum, *output_exponent);
}

int FullyConnected::sum_exponent() const {
  if (const auto* dense = std::get_if<Dense>(&weights)) return input_exponent + dense->w.exponent;
  const auto& factors = std::get<Factorised>(weights);
  return factors.z_exponent + factors.v.exponent;
}

at::Tensor FullyConnected::bias_integers() const {
  return to_integers(bias.detach(), sum_exponent(), kBiasRange);
}

std::vector<at::Tensor> FullyConnected::parameters() const {
  if (const auto* dense = std::get_if<Dense>(&weights)) return {dense->w.value, bias};
  const auto& factors = std::get<Factorised>(weights);
  return {factors.u.value, factors.v.value, bias};
}

void FullyConnected::calibrate(const at::Tensor& input) {
  std::visit([&](auto& kind) { calibrate_weights(kind, input, input_exponent); }, weights);
  if (!output_exponent) return;
  const at::Tensor sum = sums(input, Arithmetic::integer).relu();
  output_exponent = calibrated_exponent(sum, kActivationRange.hi, sum_exponent());
}

}  // namespace cfc::compress
