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
  return {images.to(at::kFloat).mul_(std::ldexp(1.0, -kPixelExponent)), to_classes(data.labels)};
}

at::Tensor to_classes(const std::vector<golden::Label>& labels) {
  std::vector<std::int64_t> classes(labels.begin(), labels.end());
  return at::from_blob(classes.data(), {static_cast<std::int64_t>(classes.size())}, at::kLong)
      .clone();
}

}  // namespace cfc::compress
