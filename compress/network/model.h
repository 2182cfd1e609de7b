#pragma once

#include <cstdint>
#include <vector>

#include "compress/network/fully_connected.h"
#include "compress/network/samples.h"

namespace cfc::compress {

/// A chain of FC layers in training, ReLU between them.
struct Model {
  std::vector<FullyConnected> layers;

  /// Logits of `images` (images x m): images x classes.
  at::Tensor forward(const at::Tensor& images, Arithmetic arithmetic) const;
  std::vector<at::Tensor> parameters() const;

  /// Chooses every exponent, layer by layer, from the weights and from a batch of training images.
  void calibrate(const at::Tensor& images);
};

/// Dense layers "fc1", "fc2", ... between the given widths (inputs first, classes last), weights
/// and biases uniform in +-1/sqrt(inputs of the layer), drawn from torch's generator.
Model make_model(const std::vector<std::int64_t>& widths);

/// Share of `samples` whose largest logit is their label, 0 to 1.
double accuracy(const Model& model, Arithmetic arithmetic, const Samples& samples);

/// Mean of the squares by which the outputs for `samples` miss their targets.
double mean_squared_error(const Model& model, Arithmetic arithmetic, const Samples& samples);

}  // namespace cfc::compress
