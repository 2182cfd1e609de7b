#include "compress/training/augmentation.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include <ATen/ops/affine_grid_generator.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/grid_sampler.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <fmt/format.h>

#include "compress/network/samples.h"
#include "support/error.h"

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

/// Each plane turned about its middle by a random angle of at most `degrees`.
at::Tensor turned(const at::Tensor& planes, double degrees) {
  const std::int64_t count = planes.size(0);
  const at::Tensor angle = at::empty({count}).uniform_(-1.0, 1.0).mul_(degrees * kRadians);
  const at::Tensor stays = at::zeros({count});
  const at::Tensor x = at::stack({angle.cos(), -angle.sin(), stays}, 1);
  const at::Tensor y = at::stack({angle.sin(), angle.cos(), stays}, 1);
  const at::Tensor grid = at::affine_grid_generator(
      at::stack({x, y}, 1), {count, 1, planes.size(1), planes.size(2)}, false);
  const at::Tensor pixels = planes.unsqueeze(1).to(at::kFloat);
  return at::grid_sampler(pixels, grid, kBilinear, kZerosOutside, false)
      .squeeze(1)
      .round_()
      .to(at::kByte);
}

/// Writes a square image of `side` x `side` moved by (x, y) over zeros.
void copy_shifted(const std::uint8_t* from, std::uint8_t* to, std::int64_t side, std::int64_t x,
                  std::int64_t y) {
  const std::int64_t width = std::max<std::int64_t>(side - std::abs(x), 0);
  for (std::int64_t row = std::max<std::int64_t>(y, 0); row < std::min(side, side + y); ++row)
    std::copy_n(from + (row - y) * side + std::max<std::int64_t>(-x, 0), width,
                to + row * side + std::max<std::int64_t>(x, 0));
}

/// Each plane moved by a random whole number of pixels, at most `most` in x and in y.
at::Tensor shifted(const at::Tensor& planes, std::int64_t most) {
  const at::Tensor source = planes.contiguous();
  const at::Tensor by = at::randint(-most, most + 1, {planes.size(0), 2}, at::kLong);
  const auto amount = by.accessor<std::int64_t, 2>();
  const std::int64_t side = planes.size(1);
  at::Tensor result = at::zeros_like(source);
  for (std::int64_t i = 0; i < planes.size(0); ++i) {
    const std::int64_t first = i * side * side;
    copy_shifted(source.data_ptr<std::uint8_t>() + first, result.data_ptr<std::uint8_t>() + first,
                 side, amount[i][0], amount[i][1]);
  }
  return result;
}

}  // namespace

at::Tensor moved(const at::Tensor& images, const Augmentation& augmentation) {
  const std::int64_t side = side_of(images);
  at::Tensor planes = images.view({images.size(0), side, side});
  if (augmentation.rotation != 0.0) planes = turned(planes, augmentation.rotation);
  if (augmentation.shift != 0) planes = shifted(planes, augmentation.shift);
  return planes.reshape(images.sizes());
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

void Augmenter::resumed(std::int64_t batches) {
  next_.resumed(batches);
  move();  // as `epoch_done` would have
}

void Augmenter::move() {
  for (std::int64_t first = 0; first < images_.size(0); first += kImagesAtOnce)
    images_.slice(0, first, first + kImagesAtOnce)
        .copy_(moved(originals_.slice(0, first, first + kImagesAtOnce), augmentation_))
        .mul_(std::ldexp(1.0, -kPixelExponent));
}

}  // namespace cfc::compress
