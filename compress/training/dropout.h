#pragma once

#include <cstdint>
#include <vector>

#include "compress/network/model.h"

namespace cfc::compress {

/// Which hidden activations vanish at random while a network is trained.
struct Dropout {
  std::vector<int> locations;  ///< 1 is after the first layer (L_Drop); none: no dropout
  double probability{0.0};     ///< of an activation to become 0 (P_Drop), 0 to below 1
};

/// Throws InputError if a location is no hidden layer of a network of `layers` layers, or if the
/// probability is not from 0 to below 1.
void check(const Dropout& dropout, std::size_t layers);

/// Logits of a training pass: like Model::forward, but with dropout. The activations that stay are
/// divided by 1 - probability.
at::Tensor forward_with(const Dropout& dropout, const Model& model, const at::Tensor& images,
                        Arithmetic arithmetic);

}  // namespace cfc::compress
