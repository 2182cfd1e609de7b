#include "compress/network/model.h"

#include <cmath>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mse_loss.h>
#include <fmt/format.h>

namespace cfc::compress {
namespace {

at::Tensor uniform(at::IntArrayRef shape, double bound) {
  return at::empty(shape).uniform_(-bound, bound).set_requires_grad(true);
}

}  // namespace

at::Tensor Model::forward(const at::Tensor& images, Arithmetic arithmetic) const {
  at::Tensor values = images;
  for (const FullyConnected& layer : layers) values = layer.forward(values, arithmetic);
  return values;
}

std::vector<at::Tensor> Model::parameters() const {
  std::vector<at::Tensor> all;
  for (const FullyConnected& layer : layers) {
    const std::vector<at::Tensor> own = layer.parameters();
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

void Model::calibrate(const at::Tensor& images) {
  const at::NoGradGuard no_gradients;
  at::Tensor values = images;
  int exponent = kPixelExponent;
  for (FullyConnected& layer : layers) {
    layer.input_exponent = exponent;
    layer.calibrate(values);
    values = layer.forward(values, Arithmetic::integer);
    exponent = layer.output_exponent.value_or(exponent);
  }
}

Model make_model(const std::vector<std::int64_t>& widths) {
  Model model;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    const double bound = 1.0 / std::sqrt(widths[i]);
    FullyConnected layer;
    layer.name = fmt::format("fc{}", i + 1);
    layer.weights = Dense{{uniform({widths[i], widths[i + 1]}, bound)}};
    layer.bias = uniform({widths[i + 1]}, bound);
    if (i + 2 < widths.size()) layer.output_exponent = 0;
    model.layers.push_back(std::move(layer));
  }
  return model;
}

double accuracy(const Model& model, Arithmetic arithmetic, const Samples& samples) {
  const at::NoGradGuard no_gradients;
  const at::Tensor classes = model.forward(samples.images, arithmetic).argmax(1);
  return classes.eq(samples.labels).to(at::kDouble).mean().item<double>();
}

double mean_squared_error(const Model& model, Arithmetic arithmetic, const Samples& samples) {
  const at::NoGradGuard no_gradients;
  return at::mse_loss(model.forward(samples.images, arithmetic), samples.labels).item<double>();
}

}  // namespace cfc::compress
