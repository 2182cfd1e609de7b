#include "compress/network/samples.h"

#include <cmath>

#include <ATen/ops/from_blob.h>

namespace cfc::compress {
namespace {

/// View of bytes that belong to the data set. libtorch has no tensor of constants; nobody writes.
at::Tensor view(const std::uint8_t* bytes, at::IntArrayRef shape) {
  return at::from_blob(const_cast<std::uint8_t*>(bytes), shape, at::kByte);
}

}  // namespace

Samples to_samples(const golden::Dataset& data) {
  const at::Tensor images = view(data.images.data(), {data.images.rows(), data.images.cols()});
  const at::Tensor labels =
      view(data.labels.data(), {static_cast<std::int64_t>(data.labels.size())});
  return {images.to(at::kFloat).mul_(std::ldexp(1.0, -kPixelExponent)), labels.to(at::kLong)};
}

}  // namespace cfc::compress
