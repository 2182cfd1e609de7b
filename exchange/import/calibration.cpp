#include "exchange/import/calibration.h"

#include <algorithm>
#include <cmath>

namespace cfc::exchange {
namespace {

using Eigen::Index;

constexpr double kLargestByte = 255;
constexpr double kLargestWeight = 127;

double allowed(double scale, const ScaleOptions& options) {
  constexpr double kLeast = 1e-30;
  if (!(scale > kLeast)) return 1;  // nothing but zeros
  return options.values == ScaleOptions::Values::free ? scale
                                                      : std::exp2(std::ceil(std::log2(scale)));
}

/// u8 that reaches from the least to the largest of some values, and holds 0 exactly.
Quantiser quantiser_for(const Numbers& values, const ScaleOptions& options) {
  const double least = std::min(values.minCoeff(), 0.0), largest = std::max(values.maxCoeff(), 0.0);
  Quantiser quantiser;
  quantiser.rounding = Rounding::half_up;
  quantiser.is_chosen = true;
  double scale = allowed((largest - least) / kLargestByte, options);
  // The zero point is rounded, so the range may need a little more.
  const auto zero = [&] { return std::ceil(-least / scale); };
  while (zero() + largest / scale > kLargestByte + 0.5) {
    scale *= options.values == ScaleOptions::Values::free ? 1.001 : 2;
  }
  quantiser.scales = {scale};
  quantiser.zero_point = static_cast<int>(zero());
  return quantiser;
}

/// The finest with which weights fit 8 bits, and biases, in steps of weight times input, 30.
double weight_scale(double largest_weight, double largest_bias, double input_scale,
                    const ScaleOptions& options) {
  const double for_bias = largest_bias / input_scale / std::exp2(30);
  return allowed(std::max(largest_weight / kLargestWeight, for_bias), options);
}

WeightGrid grid_for(const SourceLayer& layer, double input_scale, const ScaleOptions& options,
                    bool per_output) {
  const Numbers& weights = layer.weights;
  WeightGrid grid;
  grid.integers.resize(weights.rows(), weights.cols());
  if (!per_output) {
    grid.scales = {weight_scale(weights.cwiseAbs().maxCoeff(), layer.bias.cwiseAbs().maxCoeff(),
                                input_scale, options)};
  } else {
    for (Index j = 0; j < weights.cols(); ++j) {
      grid.scales.push_back(weight_scale(weights.col(j).cwiseAbs().maxCoeff(),
                                         std::abs(layer.bias[j]), input_scale, options));
    }
  }
  for (Index j = 0; j < weights.cols(); ++j) {
    grid.integers.col(j) = (weights.col(j) / grid.scale_of(j)).array().round();
  }
  return grid;
}

/// The real numbers that the integers of a quantiser stand for.
Numbers quantised(const Numbers& values, const Quantiser& quantiser) {
  const double scale = quantiser.scales.front();
  return values.unaryExpr([&](double value) {
    return (quantiser.integer(value / scale) - quantiser.zero_point) * scale;
  });
}

}  // namespace

std::vector<Numbers> real_outputs(const Chain& chain, const Numbers& inputs) {
  std::vector<Numbers> outputs;
  outputs.reserve(chain.layers.size());  // `values` points into it
  const Numbers first = chain.input ? quantised(inputs, *chain.input) : inputs;
  const Numbers* values = &first;
  for (const SourceLayer& layer : chain.layers) {
    Numbers sums = *values * layer.weights;
    sums.rowwise() += layer.bias.transpose();
    outputs.push_back(sums.cwiseMax(layer.lo).cwiseMin(layer.hi));
    if (layer.output) outputs.back() = quantised(outputs.back(), *layer.output);
    values = &outputs.back();
  }
  return outputs;
}

bool is_quantised(const Chain& chain) {
  if (chain.is_integer()) return true;
  const auto is_scaled = [&](const SourceLayer& layer) {
    const bool is_last = &layer == &chain.layers.back();
    return layer.output.has_value() || (is_last && layer.is_open());
  };
  return chain.input && std::all_of(chain.layers.begin(), chain.layers.end(), is_scaled);
}

void quantise_weights(Chain& chain, const ScaleOptions& options) {
  double input_scale = chain.input->scales.front();
  for (SourceLayer& layer : chain.layers) {
    // Sums that leave as they are must have one scale, or they could not be compared.
    const bool leaves_sums = !layer.output && !layer.shift;
    const bool per_output = options.weights == ScaleOptions::Weights::per_output && !leaves_sums;
    if (layer.grid || layer.factors) {
      if (layer.output) input_scale = layer.output->scales.front();
      continue;
    }
    layer.has_chosen_weights = true;
    layer.grid = grid_for(layer, input_scale, options, per_output);
    if (layer.output) input_scale = layer.output->scales.front();
  }
}

void calibrate(Chain& chain, const Numbers& inputs, const ScaleOptions& options) {
  if (!chain.input) chain.input = quantiser_for(inputs, options);
  const std::vector<Numbers> outputs = real_outputs(chain, inputs);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    SourceLayer& layer = chain.layers[i];
    const bool is_last = i + 1 == outputs.size();
    if (layer.output || (is_last && layer.is_open())) continue;
    layer.output = quantiser_for(outputs[i], options);
    if (layer.lo == 0) layer.output->lo = layer.output->zero_point;
    if (std::isfinite(layer.hi)) {
      layer.output->hi =
          static_cast<int>(layer.output->integer(layer.hi / layer.output->scales[0]));
    }
  }
}

}  // namespace cfc::exchange
