#include "tests/helpers/random_networks.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <sstream>

namespace cfc::testing {
namespace {

using golden::Index;

/// Makes weights fit a width drawn at random, which it returns.
int narrow(Generator& generator, golden::MatrixS8& weights) {
  const int bits = uniform(generator, 2, 8);
  weights = weights.unaryExpr(
      [&](std::int8_t weight) { return static_cast<std::int8_t>(weight >> (8 - bits)); });
  return bits;
}

/// Bits of z whose products with V certainly fit the sums, up to the 24 that the hardware allows.
int widest_z(Index r, int v_bits) {
  int bits_of_r = 0;
  while (Index{1} << bits_of_r < r) ++bits_of_r;
  return std::min(24, 32 - v_bits - bits_of_r);
}

golden::Layer random_layer(Generator& generator, Index m, Index n, bool is_last) {
  golden::Layer layer;
  if (uniform(generator, 0, 2) == 0) {
    golden::DenseWeights dense;
    dense.w = random_weights(generator, m, n);
    dense.w_bits = narrow(generator, dense.w);
    layer.weights = dense;
  } else {
    const Index r = uniform(generator, 1, static_cast<int>(std::min(m, n)));
    golden::FactorisedWeights factors;
    factors.u = random_weights(generator, m, r);
    factors.v = random_weights(generator, r, n);
    factors.u_bits = narrow(generator, factors.u);
    factors.v_bits = narrow(generator, factors.v);
    factors.z_bits = uniform(generator, 2, widest_z(r, factors.v_bits));
    factors.z_shift = uniform(generator, 0, std::min(12, 31 - factors.z_bits));
    layer.weights = factors;
  }
  layer.bias.resize(n);
  for (Index j = 0; j < n; ++j) layer.bias[j] = uniform(generator, -100000, 100000);
  if (!is_last || uniform(generator, 0, 3) == 0) {
    layer.requantisation = random_requantisation(generator, n);
  }
  return layer;
}

LayerConfiguration random_layer_configuration(Generator& generator, const LayerShape& shape) {
  LayerConfiguration layer;
  layer.shape = shape;
  layer.schedule =
      shape.r ? (uniform(generator, 0, 2) == 0 ? Schedule::sequential : Schedule::streaming)
              : Schedule::dense;
  const auto width = [&](int full) {
    return uniform(generator, 0, 2) == 0 ? full : uniform(generator, 1, full + 3);
  };
  const auto latency = [&] {
    if (uniform(generator, 0, 31) == 0) return uniform(generator, 5, 64);  // few: they take long
    return uniform(generator, 0, 1) == 0 ? 0 : uniform(generator, 1, 4);
  };
  layer.lanes_u = width(shape.m);
  layer.lanes_v = width(std::max(shape.n, shape.r.value_or(1)));
  layer.issue = uniform(generator, 0, 2) == 0 ? Issue::stepped : Issue::overlapped;
  layer.read_latency = latency();
  layer.multiply_latency = latency();
  layer.adder_latency = latency();
  layer.requantise_latency = uniform(generator, 0, 1);
  layer.v_read_latency = latency();
  layer.link_width = width(shape.n);
  layer.input_buffers = uniform(generator, 1, 2);
  layer.psum_storage = uniform(generator, 0, 1) == 0 ? PsumStorage::registers : PsumStorage::memory;
  return layer;
}

}  // namespace

std::uint64_t test_seed() {
  const char* given = std::getenv("CFCSIM_TEST_SEED");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : 20240607;
  std::cout << "CFCSIM_TEST_SEED=" << seed << '\n';
  return seed;
}

int uniform(Generator& generator, int lo, int hi) {
  return std::uniform_int_distribution<int>(lo, hi)(generator);
}

golden::Requantisation random_requantisation(Generator& generator, Index outputs) {
  const int shift = uniform(generator, 0, 16);
  if (uniform(generator, 0, 1) == 0) return golden::Requantisation::by_shift(shift);
  golden::Requantisation requantisation;
  const int bits = uniform(generator, 1, 31);
  const Index count = uniform(generator, 0, 1) == 0 ? 1 : outputs;
  requantisation.multipliers.clear();
  requantisation.shifts.clear();
  for (Index j = 0; j < count; ++j) {
    requantisation.multipliers.push_back(uniform(generator, 1, static_cast<int>((1U << bits) - 1)));
    requantisation.shifts.push_back(std::max(0, shift + bits - uniform(generator, 0, 3)));
  }
  requantisation.zero_point = uniform(generator, 0, 2) == 0 ? 0 : uniform(generator, 0, 255);
  requantisation.lo = uniform(generator, 0, 1) == 0 ? requantisation.zero_point : 0;
  requantisation.hi = uniform(generator, requantisation.lo, 255);
  return requantisation;
}

golden::MatrixS8 random_weights(Generator& generator, Index rows, Index cols) {
  golden::MatrixS8 weights(rows, cols);
  const bool extreme = uniform(generator, 0, 7) == 0;
  for (Index i = 0; i < weights.size(); ++i) {
    const int weight =
        extreme ? (uniform(generator, 0, 1) == 0 ? -128 : 127) : uniform(generator, -128, 127);
    weights.data()[i] = static_cast<std::int8_t>(weight);
  }
  return weights;
}

golden::Network random_network(Generator& generator) {
  golden::Network network;
  const int layers = uniform(generator, 1, 4);
  Index m = uniform(generator, 1, 40);
  for (int i = 0; i < layers; ++i) {
    const Index n = uniform(generator, 1, 40);
    network.layers.push_back(random_layer(generator, m, n, i + 1 == layers));
    network.layers.back().name = "fc" + std::to_string(i + 1);
    m = n;
  }
  return network;
}

Configuration random_configuration(Generator& generator, const golden::Network& network) {
  Configuration configuration;
  for (const golden::Layer& layer : network.layers) {
    LayerShape shape{static_cast<int>(layer.inputs()), static_cast<int>(layer.outputs()), {}};
    if (layer.rank()) shape.r = static_cast<int>(*layer.rank());
    configuration.layers.push_back(random_layer_configuration(generator, shape));
  }
  const int pixels = configuration.layers.front().shape.m;
  configuration.input_link_width =
      uniform(generator, 0, 1) == 0 ? pixels : uniform(generator, 1, pixels + 3);
  return configuration;
}

golden::MatrixU8 random_images(Generator& generator, golden::Index count, golden::Index pixels) {
  golden::MatrixU8 images(count, pixels);
  for (Index i = 0; i < count; ++i) {
    const int kind = uniform(generator, 0, 7);
    for (Index j = 0; j < pixels; ++j) {
      const int pixel = kind == 0 ? 0 : kind == 1 ? 255 : uniform(generator, 0, 255);
      images(i, j) = static_cast<std::uint8_t>(pixel);
    }
  }
  return images;
}

std::string describe(const Configuration& configuration) {
  std::ostringstream text;
  text << "input_link_width " << configuration.input_link_width << '\n';
  for (const LayerConfiguration& layer : configuration.layers) {
    text << layer.shape.m << " x " << layer.shape.n;
    if (layer.shape.r) text << " r " << *layer.shape.r;
    text << ", " << to_string(layer.schedule) << ", lanes " << layer.lanes_u << '/' << layer.lanes_v
         << (layer.issue == Issue::stepped ? ", stepped" : ", overlapped") << ", latencies "
         << layer.read_latency << ' ' << layer.multiply_latency << ' ' << layer.adder_latency << ' '
         << layer.requantise_latency << ", link " << layer.link_width << ", buffers "
         << layer.input_buffers
         << (layer.psum_storage == PsumStorage::memory ? ", psum memory\n" : "\n");
  }
  return text.str();
}

}  // namespace cfc::testing
