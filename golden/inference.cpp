#include "golden/inference.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include <fmt/format.h>

#include "golden/fixed_point.h"
#include "support/error.h"

namespace cfc::golden {
namespace {

/// Products are made in s32: narrower types would overflow in their own type.
MatrixS32 multiply(const MatrixS32& nodes, const MatrixS8& weights) {
  return nodes * weights.cast<std::int32_t>();
}

void apply(const Requantisation& requantisation, MatrixS32& sums) {
  if (requantisation.is_plain()) {
    const int shift = requantisation.shifts.front();
    sums = sums.unaryExpr([shift](std::int32_t sum) {
                 return requantise(sum, shift, 0, Requantisation::kLargestOutput);
               })
               .eval();
    return;
  }
  for (Index row = 0; row < sums.rows(); ++row) {
    for (Index output = 0; output < sums.cols(); ++output) {
      sums(row, output) = requantisation.apply(sums(row, output), output);
    }
  }
}

LayerResult infer_layer(const Layer& layer, const MatrixS32& inputs) {
  LayerResult result;
  if (const auto* factors = std::get_if<FactorisedWeights>(&layer.weights)) {
    result.z = multiply(inputs, factors->u).unaryExpr([&](std::int32_t dot) {
      return requantise_z(dot, factors->z_shift, factors->z_bits);
    });
    result.output = multiply(*result.z, factors->v);
  } else {
    result.output = multiply(inputs, std::get<DenseWeights>(layer.weights).w);
  }
  result.output.rowwise() += layer.bias.transpose();
  if (layer.requantisation) apply(*layer.requantisation, result.output);
  return result;
}

}  // namespace

InferenceResult infer(const Network& network, const MatrixU8& images) {
  if (images.cols() != network.inputs()) {
    throw InputError(fmt::format("images of {} pixels, but the network takes {}", images.cols(),
                                 network.inputs()));
  }
  InferenceResult result;
  MatrixS32 inputs = images.cast<std::int32_t>();
  for (const Layer& layer : network.layers) {
    result.layers.push_back(infer_layer(layer, inputs));
    inputs = result.layers.back().output;
  }
  const MatrixS32& logits = result.logits();
  for (Index i = 0; i < logits.rows(); ++i) {
    result.classes.push_back(argmax(logits.data() + i * logits.cols(), logits.cols()));
  }
  return result;
}

int argmax(const std::int32_t* logits, Index count) {
  return static_cast<int>(std::max_element(logits, logits + count) - logits);
}

double accuracy(const std::vector<int>& classes, const std::vector<Label>& labels) {
  if (classes.empty() || classes.size() != labels.size()) {
    throw InputError(fmt::format("{} classes for {} labels", classes.size(), labels.size()));
  }
  const auto same = [](int a, std::uint8_t b) { return a == b; };
  const auto correct = std::inner_product(classes.begin(), classes.end(), labels.begin(), Index{0},
                                          std::plus<>(), same);
  return static_cast<double>(correct) / static_cast<double>(classes.size());
}

}  // namespace cfc::golden
