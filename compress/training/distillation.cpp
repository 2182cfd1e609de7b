#include "compress/training/distillation.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/softmax.h>

namespace cfc::compress {
namespace {

at::Tensor soft_labels(const Distillation& distillation, const at::Tensor& images) {
  const at::NoGradGuard no_gradients;
  const at::Tensor logits = distillation.teacher->forward(images, distillation.arithmetic);
  return at::softmax(logits / distillation.temperature, 1);
}

}  // namespace

at::Tensor distillation_loss(const Distillation& distillation, const at::Tensor& images,
                             const at::Tensor& logits, const at::Tensor& labels) {
  const at::Tensor soft =
      at::cross_entropy_loss(logits / distillation.temperature, soft_labels(distillation, images));
  const at::Tensor hard = at::cross_entropy_loss(logits, labels);
  return distillation.share * soft + (1.0 - distillation.share) * hard;
}

}  // namespace cfc::compress
