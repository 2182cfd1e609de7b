#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

#include "golden/dataset.h"

namespace cfc::compress {

/// A pixel's real value is its byte times 2^-8.
inline constexpr int kPixelExponent = 8;

/// Images, and what a network is to make of them, as training wants them.
struct Samples {
  at::Tensor images;  ///< images x pixels, float32, byte * 2^-8
  at::Tensor labels;  ///< classes: images, int64; or targets: images x outputs, float32

  std::int64_t size() const { return images.size(0); }
  bool have_targets() const { return labels.is_floating_point(); }
};

/// Of images with classes.
Samples to_samples(const golden::Dataset& data);

/// Classes as torch takes them: int64.
at::Tensor to_classes(const std::vector<golden::Label>& labels);

}  // namespace cfc::compress
