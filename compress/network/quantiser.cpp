#include "compress/network/quantiser.h"

#include <cmath>
#include <limits>

#include <ATen/ops/quantile.h>
#include <torch/csrc/autograd/custom_function.h>

namespace cfc::compress {
namespace {

constexpr double kCoveredShare = 0.9999;

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

/// Forwards the exact integer times a power of two; backwards as if nothing had been rounded.
struct StraightThrough : torch::autograd::Function<StraightThrough> {
  static Variable forward(AutogradContext* /*context*/, const Variable& value, int64_t exponent,
                          int64_t lo, int64_t hi) {
    const IntegerRange range{static_cast<std::int32_t>(lo), static_cast<std::int32_t>(hi)};
    return to_integers(value, static_cast<int>(exponent), range)
        .mul_(std::ldexp(1.0, -static_cast<int>(exponent)));
  }

  static variable_list backward(AutogradContext* /*context*/, const variable_list& gradients) {
    return {gradients.front(), Variable(), Variable(), Variable()};
  }
};

int floor_log2(double x) { return static_cast<int>(std::floor(std::log2(x))); }

double squared_error(const at::Tensor& weights, int exponent, int bits) {
  const at::Tensor integers = to_integers(weights, exponent, weight_range(bits));
  return integers.mul(std::ldexp(1.0, -exponent)).sub(weights).square().sum().item<double>();
}

}  // namespace

at::Tensor to_integers(const at::Tensor& value, int exponent, IntegerRange range) {
  return value.mul(std::ldexp(1.0, exponent)).add_(0.5).floor_().clamp_(range.lo, range.hi);
}

at::Tensor quantise(const at::Tensor& value, int exponent, IntegerRange range) {
  return StraightThrough::apply(value, exponent, range.lo, range.hi);
}

at::Tensor activate(const at::Tensor& sum, int exponent) {
  const double top = std::ldexp(kActivationRange.hi, -exponent);
  return quantise(sum.clamp(kActivationRange.lo, top), exponent, kActivationRange);
}

int weight_exponent(const at::Tensor& weights, int bits) {
  const at::Tensor values = weights.detach();
  const auto largest = values.abs().max().item<double>();
  if (largest == 0.0) return bits - 1;

  const int widest = floor_log2(weight_range(bits).hi / largest);
  int best = widest;
  double least = std::numeric_limits<double>::infinity();
  for (const int candidate : {widest, widest + 1, widest + 2}) {
    const double error = squared_error(values, candidate, bits);
    if (error < least) {
      least = error;
      best = candidate;
    }
  }
  return best;
}

int range_exponent(const at::Tensor& values, int limit) {
  const at::Tensor magnitudes = values.detach().abs().flatten();
  const auto covered = at::quantile(magnitudes, kCoveredShare).item<double>();
  return covered > 0.0 ? floor_log2(limit / covered) : 0;
}

}  // namespace cfc::compress
