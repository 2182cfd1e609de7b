#pragma once

#include "tests/compress/helpers/random_data.h"

namespace cfc::testing {

inline golden::MatrixS8 random_weights(Generator& random, golden::Index m, golden::Index n) {
  golden::MatrixS8 w(m, n);
  for (golden::Index i = 0; i < w.size(); ++i)
    w.data()[i] = static_cast<std::int8_t>(uniform(random, -127, 127));
  return w;
}

inline golden::Layer random_dense_layer(Generator& random, golden::Index m, golden::Index n) {
  golden::Layer layer;
  layer.weights = golden::DenseWeights{random_weights(random, m, n)};
  layer.bias.resize(n);
  for (golden::Index j = 0; j < n; ++j) layer.bias[j] = uniform(random, -9000, 9000);
  return layer;
}

/// 784 inputs: wide enough for sums that float32 does not hold.
inline golden::Network random_dense_network(Generator& random, golden::Index pixels) {
  golden::Network network;
  network.layers = {random_dense_layer(random, pixels, 20), random_dense_layer(random, 20, 16),
                    random_dense_layer(random, 16, 10)};
  for (const std::size_t i : {0, 1}) {
    network.layers[i].name = "fc" + std::to_string(i + 1);
    network.layers[i].requantisation = golden::Requantisation::by_shift(uniform(random, 6, 11));
  }
  network.layers[2].name = "fc3";
  return network;
}

/// Random labels: then the accuracy depends on every image's class alone.
inline golden::Dataset random_labels_on(Generator& random, golden::Index pixels) {
  golden::Dataset data;
  data.images = random_images(random, 300, pixels);
  for (int i = 0; i < 300; ++i)
    data.labels.push_back(static_cast<std::uint8_t>(uniform(random, 0, 9)));
  return data;
}

}  // namespace cfc::testing
