#pragma once

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "golden/dataset.h"

namespace cfc::compress::testing {

/// Seed of this run: CFCSIM_TEST_SEED, else a fixed number. Tests print it when they fail.
inline std::uint64_t test_seed() {
  const char* chosen = std::getenv("CFCSIM_TEST_SEED");
  return chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : 20240601;
}

/// Images of ten classes that a small network can tell apart: one random pattern a class, half of
/// its pixels dark, each image with noise of its own.
inline golden::Dataset synthetic_data(golden::Index images, golden::Index pixels,
                                      std::mt19937_64& random) {
  // The patterns are those of the classes, so they must not change from one data set to the next.
  std::mt19937_64 fixed(7);
  std::uniform_int_distribution<int> shade(-200, 200);
  std::uniform_int_distribution<int> noise(-40, 40);
  golden::MatrixS32 patterns(10, pixels);
  for (golden::Index i = 0; i < patterns.size(); ++i) patterns.data()[i] = shade(fixed);

  golden::Dataset data;
  data.images.resize(images, pixels);
  for (golden::Index i = 0; i < images; ++i) {
    const auto label = static_cast<std::uint8_t>(i % 10);
    data.labels.push_back(label);
    for (golden::Index p = 0; p < pixels; ++p)
      data.images(i, p) =
          static_cast<std::uint8_t>(std::clamp(patterns(label, p) + noise(random), 0, 255));
  }
  return data;
}

}  // namespace cfc::compress::testing
