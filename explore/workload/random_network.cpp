#include "explore/workload/random_network.h"

#include <algorithm>
#include <limits>
#include <random>

#include <fmt/format.h>

#include "golden/fixed_point.h"
#include "support/error.h"

namespace cfc::explore {
namespace {

using golden::Index;
using Generator = std::mt19937_64;

constexpr std::int64_t kMostWeights = std::int64_t{1} << 28;
constexpr double kMostInputs = 1 << 30;  ///< bytes
constexpr std::int64_t kLargestInput = 255;
constexpr std::int64_t kLargestBias = 1000;
/// Of a sum; what is left of 31 bits is for the bias and the rounding.
constexpr std::int64_t kLargestSum = std::int64_t{1} << 30;

/// Bits of a magnitude.
int bits_of(std::int64_t magnitude) {
  int bits = 0;
  while (magnitude >> bits != 0) ++bits;
  return bits;
}

/// The largest weight that keeps the sum of `rows` products below its most.
std::int64_t largest_weight(Index rows, std::int64_t largest_node) {
  return kLargestSum / (rows * largest_node);
}

std::int64_t largest_z(const LayerWidths& widths) {
  return -std::int64_t{golden::signed_range(widths.z_bits).lo};
}

golden::MatrixS8 random_weights(Generator& generator, Index rows, Index cols, int width,
                                std::int64_t largest_node) {
  const std::int64_t most =
      std::min<std::int64_t>(largest_weight(rows, largest_node), golden::signed_range(width).hi);
  std::uniform_int_distribution<int> draw(static_cast<int>(-most), static_cast<int>(most));
  return golden::MatrixS8::NullaryExpr(rows, cols,
                                       [&] { return static_cast<std::int8_t>(draw(generator)); });
}

golden::FactorisedWeights random_factors(Generator& generator, const LayerShape& shape,
                                         const LayerWidths& widths) {
  golden::FactorisedWeights factors;
  factors.u_bits = widths.u_bits;
  factors.v_bits = widths.v_bits;
  factors.z_bits = widths.z_bits;
  factors.u = random_weights(generator, shape.m, *shape.r, widths.u_bits, kLargestInput);
  factors.v = random_weights(generator, *shape.r, shape.n, widths.v_bits, largest_z(widths));
  const int sum_bits = bits_of(kLargestInput * shape.m * golden::signed_range(widths.u_bits).hi);
  factors.z_shift = std::clamp(sum_bits - widths.z_bits, 0, kSumBits - 1 - widths.z_bits);
  return factors;
}

golden::Layer random_layer(Generator& generator, const WorkloadLayer& like,
                           const LayerShape& shape) {
  golden::Layer layer;
  layer.name = like.name;
  if (shape.r) {
    layer.weights = random_factors(generator, shape, like.widths);
  } else {
    const int width = like.widths.weights_bits;
    layer.weights = golden::DenseWeights{
        random_weights(generator, shape.m, shape.n, width, kLargestInput), width};
  }
  std::uniform_int_distribution<std::int32_t> draw(-kLargestBias, kLargestBias);
  layer.bias = golden::VectorS32::NullaryExpr(shape.n, [&] { return draw(generator); });
  constexpr int kShift = 8;
  if (like.widths.output_bits == kActivationBits) {
    layer.requantisation = golden::Requantisation::by_shift(kShift);
  }
  return layer;
}

void check_fillable(const WorkloadLayer& layer) {
  const std::int64_t weights = std::int64_t{layer.shape.m} * layer.shape.n;
  if (weights > kMostWeights) {
    throw InputError(fmt::format(
        "layer {}: has {} weights; random ones can be filled in for {}; do not simulate it",
        layer.name, weights, kMostWeights));
  }
  if (!layer.shape.r || largest_weight(*layer.shape.r, largest_z(layer.widths)) >= 1) return;
  throw InputError(fmt::format(
      "layer {}: {} products of z of {} bits may overflow 32 bits whatever the weights are; give "
      "fewer z_bits",
      layer.name, *layer.shape.r, layer.widths.z_bits));
}

}  // namespace

void check_fillable(const Workload& workload, std::uint64_t inferences) {
  for (const WorkloadLayer& layer : workload.layers) check_fillable(layer);
  for (const Chain& chain : workload.chains()) {
    const WorkloadLayer& first = workload.layers[chain.first];
    const double bytes =
        static_cast<double>(inferences) * static_cast<double>(chain.vectors) * first.shape.m;
    if (bytes <= kMostInputs) continue;
    throw InputError(
        fmt::format("layer {}: {} inferences are {:.3g} bytes of inputs, above {:.3g}; "
                    "give fewer --images",
                    first.name, inferences, bytes, kMostInputs));
  }
}

golden::Network random_network(const Workload& workload, const Chain& chain,
                               const Configuration& machine, std::uint64_t seed) {
  Generator generator(seed);
  golden::Network network;
  for (std::size_t i = 0; i < machine.layers.size(); ++i) {
    const WorkloadLayer& layer = workload.layers[chain.first + i];
    check_fillable(layer);
    network.layers.push_back(random_layer(generator, layer, machine.layers[i].shape));
  }
  golden::validate(network);
  return network;
}

golden::MatrixU8 random_vectors(std::uint64_t vectors, int elements, std::uint64_t seed) {
  Generator generator(seed);
  std::uniform_int_distribution<int> draw(0, static_cast<int>(kLargestInput));
  return golden::MatrixU8::NullaryExpr(static_cast<Index>(vectors), elements,
                                       [&] { return static_cast<std::uint8_t>(draw(generator)); });
}

}  // namespace cfc::explore
