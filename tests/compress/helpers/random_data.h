#pragma once

#include <algorithm>

#include "compress/training/trainer.h"
#include "golden/dataset.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {

/// Seeds libtorch, and a generator for what does not come from libtorch, with the seed of this run.
inline Generator seed_everything() {
  const std::uint64_t seed = test_seed();
  compress::make_deterministic(seed);
  return Generator(seed);
}

/// Images of ten classes that a small network can tell apart: one pattern a class, the same for
/// every call, half of its pixels dark; each image with noise of its own.
inline golden::Dataset synthetic_data(golden::Index images, golden::Index pixels,
                                      Generator& generator) {
  Generator fixed(7);
  golden::MatrixS32 patterns(10, pixels);
  for (golden::Index i = 0; i < patterns.size(); ++i)
    patterns.data()[i] = uniform(fixed, -200, 200);

  golden::Dataset data;
  data.images.resize(images, pixels);
  for (golden::Index i = 0; i < images; ++i) {
    const auto label = static_cast<std::uint8_t>(i % 10);
    data.labels.push_back(label);
    for (golden::Index p = 0; p < pixels; ++p)
      data.images(i, p) = static_cast<std::uint8_t>(
          std::clamp(patterns(label, p) + uniform(generator, -40, 40), 0, 255));
  }
  return data;
}

}  // namespace cfc::testing
