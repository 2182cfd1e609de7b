#pragma once

#include "compress/network/model.h"

namespace cfc::compress {

/// A teacher whose logits the trained network is to imitate, eqs. (1) and (2).
struct Distillation {
  const Model* teacher{};
  Arithmetic arithmetic{Arithmetic::real};  ///< with which the teacher computes
  double share{0.5};                        ///< alpha: weight of the soft loss, 0 to 1
  double temperature{2.0};                  ///< tau, by which all logits are divided
};

/// Mean over a batch of alpha CE(Q_T^tau, Q_S^tau) + (1 - alpha) CE(y_true, Q_S), eq. (1):
/// the cross entropy with the teacher's softened classes and that with the labels.
at::Tensor distillation_loss(const Distillation& distillation, const at::Tensor& images,
                             const at::Tensor& logits, const at::Tensor& labels);

}  // namespace cfc::compress
