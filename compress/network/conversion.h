#pragma once

#include <optional>
#include <vector>

#include "compress/network/model.h"
#include "golden/network.h"

namespace cfc::compress {

/// The integer network that the model computes in `Arithmetic::integer`. The weight exponents go
/// into the metadata ("weight_exponents"): the integers alone do not say which real numbers they
/// stand for. Throws InputError if the integers cannot be computed exactly (golden::validate).
golden::Network to_network(const Model& model);

/// The model that `network` was made from, its weights the network's integers. Where the metadata
/// has no exponents, every weight matrix is taken to fill -1 to 1. Throws InputError if the
/// exponents in the metadata do not fit the layers.
Model to_model(const golden::Network& network);

/// The rounding shift of each layer, none of the last one. Throws InputError where a network scales
/// its outputs in another way: a model has only scales that are powers of two.
std::vector<std::optional<int>> plain_shifts(const golden::Network& network);

/// What 1 of the network's integer outputs stands for, where 1 of the model's stands for `unit`.
double output_scale(const Model& model, double unit);

/// The other way round, by what the network records of its outputs.
double output_unit(const golden::Network& network);

/// Logits of the model's forward pass in `Arithmetic::integer` as integers: images x classes. Equal
/// to those of golden::infer on `to_network(model)`, every bit.
golden::MatrixS32 integer_logits(const Model& model, const at::Tensor& images);

}  // namespace cfc::compress
