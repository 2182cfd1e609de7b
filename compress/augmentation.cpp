#include "compress/augmentation.h"

#include <cmath>
#include <utility>

#include <ATen/ops/affine_grid_generator.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/grid_sampler.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/stack.h>
#include <fmt/format.h>

#include "compress/samples.h"
#include "golden/error.h"

namespace cfc::compress {
namespace {

constexpr std::int64_t kImagesAtOnce = 1000;  // a grid of all images would take 300 MB
constexpr std::int64_t kBilinear = 0;
constexpr std::int64_t kZerosOutside = 0;
constexpr double kRadians = 3.14159265358979323846 / 180.0;

std::int64_t side_of(const at::Tensor& images) {
  const std::int64_t pixels = images.size(1);
  const auto side = static_cast<std::int64_t>(std::lround(std::sqrt(pixels)));
  if (side * side != pixels)
    throw InputError(
        fmt::format("images of {} pixels are not square, so they cannot be moved", pixels));
  return side;
}

/// A rotation and a shift for each image, in coordinates from -1 to 1: images x 2 x 3.
at::Tensor random_motions(std::int64_t images, std::int64_t side, const Augmentation& wanted) {
  const double largest = wanted.rotation * kRadians;
  const at::Tensor angle = at::empty({images}).uniform_(-1.0, 1.0).mul_(largest);
  const at::Tensor shift = at::randint(-wanted.shift, wanted.shift + 1, {images, 2})
                               .to(at::kFloat)
                               .mul_(2.0 / static_cast<double>(side));
  const at::Tensor x = at::stack({angle.cos(), -angle.sin(), shift.select(1, 0)}, 1);
  const at::Tensor y = at::stack({angle.sin(), angle.cos(), shift.select(1, 1)}, 1);
  return at::stack({x, y}, 1);
}

at::Tensor to_bytes_times_scale(const at::Tensor& pixels) {
  return pixels.mul(std::ldexp(1.0, kPixelExponent))
      .round_()
      .mul_(std::ldexp(1.0, -kPixelExponent));
}

}  // namespace

at::Tensor moved(const at::Tensor& images, const Augmentation& augmentation) {
  const std::int64_t side = side_of(images);
  const std::int64_t count = images.size(0);
  const at::Tensor grid = at::affine_grid_generator(random_motions(count, side, augmentation),
                                                    {count, 1, side, side}, false);
  const at::Tensor planes = images.view({count, 1, side, side});
  const at::Tensor result = at::grid_sampler(planes, grid, kBilinear, kZerosOutside, false);
  return to_bytes_times_scale(result.view({count, side * side}));
}

Augmenter::Augmenter(at::Tensor images, const Augmentation& augmentation, Observer& next)
    : images_(std::move(images)),
      originals_(images_.mul(std::ldexp(1.0, kPixelExponent)).to(at::kByte)),
      augmentation_(augmentation),
      next_(next) {
  move();
}

void Augmenter::epoch_done(const EpochReport& report) {
  next_.epoch_done(report);
  if (report.epoch < report.epochs) move();
}

void Augmenter::move() {
  for (std::int64_t first = 0; first < images_.size(0); first += kImagesAtOnce) {
    const at::Tensor part = originals_.slice(0, first, first + kImagesAtOnce);
    const at::Tensor pixels = part.to(at::kFloat).mul_(std::ldexp(1.0, -kPixelExponent));
    images_.slice(0, first, first + kImagesAtOnce).copy_(moved(pixels, augmentation_));
  }
}

}  // namespace cfc::compress
