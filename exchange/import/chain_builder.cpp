#include "exchange/import/chain_builder.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "exchange/import/source_model.h"
#include "support/error.h"

namespace cfc::exchange {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using onnx::NodeProto;
using onnx::TensorProto;

/// 8 bits of the graph's input that stand for themselves.
Quantiser own_scale(const std::string& type) {
  const bool is_signed = type == "s8";
  return Quantiser{{1}, 0, 0, is_signed ? -128 : 0, is_signed ? 127 : 255};
}

void set_grid(const NodeProto& node, const Tensor& weights, SourceLayer& layer) {
  const Grid& grid = *weights.grid;
  if (grid.scales.size() > 1 && grid.axis != 1) {
    reject(node, "has weights with a scale for each input; only one for each output is supported");
  }
  layer.grid = {
      Eigen::Map<const Numbers>(grid.integers.data(), layer.weights.rows(), layer.weights.cols()),
      grid.scales};
}

/// The integers of the weights stay, if no factor changes a sign.
void scale_grid(SourceLayer& layer, const VectorXd& factors) {
  if (!layer.grid) return;
  if (!(factors.array() > 0).all()) return layer.grid.reset();
  std::vector<double> scales;
  for (Index j = 0; j < factors.size(); ++j) scales.push_back(layer.grid->scale_of(j) * factors[j]);
  const bool is_one = std::all_of(scales.begin(), scales.end(),
                                  [&](double scale) { return scale == scales.front(); });
  if (is_one) scales.resize(1);
  layer.grid->scales = std::move(scales);
}

void clamp_output(const NodeProto& node, double hi, Quantiser& output) {
  output.lo = std::max(output.lo, output.zero_point);
  if (!std::isfinite(hi)) return;
  const double steps = hi / output.scales.front();
  if (steps != std::floor(steps)) reject(node, "clips between two steps of the quantisation");
  output.hi = std::min(output.hi, static_cast<int>(output.integer(steps)));
}

/// Values have one scale, and 8 bits.
void check_values(const NodeProto& node, const Quantiser& quantiser) {
  if (quantiser.scales.size() != 1) reject(node, "scales each value by its own; only weights may");
  if (quantiser.hi > 255) reject(node, "quantises values to more than 8 bits");
}

}  // namespace

VectorXd spread(const Tensor& tensor, Index count, const NodeProto& node) {
  if (tensor.is_single()) return VectorXd::Constant(count, tensor.values.front());
  if (static_cast<Index>(tensor.values.size()) != count) {
    reject(node,
           fmt::format("has a constant of {} numbers for {} values", tensor.values.size(), count));
  }
  return Eigen::Map<const VectorXd>(tensor.values.data(), count);
}

ChainBuilder::ChainBuilder(int input_type, std::vector<std::int64_t> input_shape,
                           std::vector<ImportNote>& notes)
    : notes_(notes), shape_(std::move(input_shape)) {
  if (input_type == TensorProto::UINT8) chain_.input_type = "u8";
  if (input_type == TensorProto::INT8) chain_.input_type = "s8";
}

void ChainBuilder::note(const NodeProto& node, const std::string& what) {
  notes_.push_back({name_of(node), what});
}

void ChainBuilder::expect_real(const NodeProto& node) const {
  if (stored_as_integers_) reject(node, "computes with quantised numbers");
}

void ChainBuilder::expect_layer(const NodeProto& node) const {
  if (chain_.layers.empty()) reject(node, "stands before the first layer");
  if (pending_) reject(node, "stands behind a scaling that is not a layer's");
}

SourceLayer& ChainBuilder::last_layer(const NodeProto& node) {
  expect_layer(node);
  return chain_.layers.back();
}

void ChainBuilder::multiply(const NodeProto& node, const Tensor& weights, VectorXd bias) {
  SourceLayer layer;
  layer.node = name_of(node);
  layer.weights = matrix_of(weights);
  layer.bias = bias.size() > 0 ? std::move(bias) : VectorXd::Zero(layer.weights.cols());
  shape_.check_product(node, layer.weights.rows());
  if (weights.grid) set_grid(node, weights, layer);
  apply_pending(layer);
  note(node, fmt::format("layer {}, {} x {}", chain_.layers.size() + 1, layer.weights.rows(),
                         layer.weights.cols()));
  shape_ = ValueShape({layer.weights.cols()});
  chain_.layers.push_back(std::move(layer));
}

/// What scaled the values before this layer goes into its weights.
void ChainBuilder::apply_pending(SourceLayer& layer) {
  if (!pending_) return;
  const auto& [multiplier, addend] = *pending_;
  if (multiplier.size() != 1 && multiplier.size() != layer.weights.rows()) {
    throw InputError(fmt::format("{}: what scales its inputs has {} numbers for {}", layer.node,
                                 multiplier.size(), layer.weights.rows()));
  }
  const auto for_all = [&](const VectorXd& values) -> VectorXd {
    return values.size() == 1 ? VectorXd::Constant(layer.weights.rows(), values[0]) : values;
  };
  layer.bias += layer.weights.transpose() * for_all(addend);
  layer.weights = for_all(multiplier).asDiagonal() * layer.weights;
  layer.grid.reset();
  pending_.reset();
}

void ChainBuilder::scale(const NodeProto& node, const ValueScale& scale) {
  if (!chain_.layers.empty() && chain_.layers.back().is_open() && !pending_) {
    scale_last(node, scale);
  } else {
    scale_next(node, scale);
  }
}

void ChainBuilder::scale_last(const NodeProto& node, const ValueScale& scale) {
  SourceLayer& layer = chain_.layers.back();
  const Index n = layer.weights.cols();
  if (scale.multiplier != nullptr) {
    const VectorXd factors = spread(*scale.multiplier, n, node);
    layer.weights = layer.weights * factors.asDiagonal();
    layer.bias = layer.bias.cwiseProduct(factors);
    scale_grid(layer, factors);
  }
  if (scale.addend != nullptr) layer.bias += scale.sign * spread(*scale.addend, n, node);
  note(node, "folded into the layer before");
}

void ChainBuilder::scale_next(const NodeProto& node, const ValueScale& scale) {
  expect_real(node);
  if (!chain_.layers.empty() && chain_.layers.back().shift) {
    reject(node, "scales what RequantShift gives");
  }
  auto [factors, addends] =
      pending_.value_or(std::pair(VectorXd::Ones(1).eval(), VectorXd::Zero(1).eval()));
  const Tensor& given = scale.multiplier ? *scale.multiplier : *scale.addend;
  const Index count = std::max(factors.size(), static_cast<Index>(given.values.size()));
  if (factors.size() == 1) {  // one number is as many as are needed
    factors = VectorXd::Constant(count, factors[0]);
    addends = VectorXd::Constant(count, addends[0]);
  }
  if (scale.multiplier != nullptr) {
    const VectorXd more = spread(*scale.multiplier, count, node);
    factors = factors.cwiseProduct(more);
    addends = addends.cwiseProduct(more);
  }
  if (scale.addend != nullptr) addends += scale.sign * spread(*scale.addend, count, node);
  pending_ = {factors, addends};
  note(node, "folded into the layer behind");
}

void ChainBuilder::clamp(const NodeProto& node, double lo, double hi) {
  expect_real(node);
  SourceLayer& layer = last_layer(node);
  if (lo != 0 || !(hi > 0)) {
    reject(node, fmt::format("clips to {} .. {}; only a lower bound of 0 is supported", lo, hi));
  }
  if (layer.shift) reject(node, "stands behind a requantisation");
  if (layer.output) clamp_output(node, hi, *layer.output);
  layer.lo = 0;
  layer.hi = std::min(layer.hi, hi);
  note(node, std::isfinite(hi) ? fmt::format("clip at 0 and {}", hi) : "ReLU");
}

void ChainBuilder::shift(const NodeProto& node, RequantShift shift) {
  SourceLayer& layer = last_layer(node);
  if (!layer.is_open()) reject(node, "stands behind another activation");
  layer.shift = std::move(shift);
  note(node, fmt::format("requantisation of layer {}", chain_.layers.size()));
}

void ChainBuilder::quantise(const NodeProto& node, Quantiser quantiser) {
  if (pending_) reject(node, "quantises what is scaled outside of a layer");
  check_values(node, quantiser);
  if (chain_.layers.empty()) {
    if (quantiser.rounding != Rounding::half_even) reject(node, "rounds the inputs down");
    if (chain_.input && !(*chain_.input == quantiser)) reject(node, "quantises a second time");
    chain_.input = std::move(quantiser);
    return note(node, "scale of the inputs");
  }
  SourceLayer& layer = chain_.layers.back();
  if (layer.shift || (layer.output && !(*layer.output == quantiser))) {
    reject(node, "quantises a second time, in another way");
  }
  if (layer.lo == 0) quantiser.lo = std::max(quantiser.lo, quantiser.zero_point);
  if (std::isfinite(layer.hi)) {
    quantiser.hi =
        std::min(quantiser.hi, static_cast<int>(quantiser.integer(layer.hi / quantiser.scales[0])));
  }
  layer.output = std::move(quantiser);
  note(node, fmt::format("requantisation of layer {}", chain_.layers.size()));
}

void ChainBuilder::expect_quantiser(const NodeProto& node, const Quantiser& quantiser) {
  check_values(node, quantiser);
  const bool is_input = chain_.layers.empty();
  if (is_input && !chain_.input && !chain_.input_type.empty()) chain_.input = quantiser;
  const std::optional<Quantiser>& there = is_input ? chain_.input : chain_.layers.back().output;
  if (!there || there->scales != quantiser.scales || there->zero_point != quantiser.zero_point) {
    reject(node, "takes its input for integers of another scale or zero point than they have");
  }
}

std::int64_t ChainBuilder::integer_type() const {
  if (chain_.layers.empty()) {
    if (!chain_.input) return chain_.input_type == "s8" ? TensorProto::INT8 : TensorProto::UINT8;
    return chain_.input->lo < 0 ? TensorProto::INT8 : TensorProto::UINT8;
  }
  const auto& output = chain_.layers.back().output;
  return output && output->is_signed ? TensorProto::INT8 : TensorProto::UINT8;
}

/// Where one layer computes with integers alone, all do.
void ChainBuilder::check_integers() const {
  const auto is_shifted = [](const SourceLayer& layer) { return layer.shift.has_value(); };
  if (std::none_of(chain_.layers.begin(), chain_.layers.end(), is_shifted)) return;
  for (const SourceLayer& layer : chain_.layers) {
    const bool ends = &layer == &chain_.layers.back() && layer.is_open();
    if (!(layer.shift || ends) || layer.output || layer.grid) {
      throw InputError(fmt::format(
          "{} is quantised in another way than by RequantShift, which others are", layer.node));
    }
  }
  if (chain_.input && !(*chain_.input == own_scale(chain_.input->lo < 0 ? "s8" : "u8"))) {
    throw InputError("has a scale of the inputs, but RequantShift takes integers as they are");
  }
}

Chain ChainBuilder::finish() {
  if (chain_.layers.empty()) throw InputError("has no fully connected layer");
  if (pending_) throw InputError("scales its outputs after the last layer's activation");
  if (!chain_.input && !chain_.input_type.empty()) chain_.input = own_scale(chain_.input_type);
  check_integers();
  return std::move(chain_);
}

}  // namespace cfc::exchange
