#include "exchange/import/chain_reader.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "support/error.h"
#include "support/text.h"

namespace cfc::exchange {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using onnx::NodeProto;
using onnx::TensorProto;

/// Numbers for each of `count` places.
VectorXd spread(const Tensor& tensor, Index count, const NodeProto& node) {
  if (tensor.is_single()) return VectorXd::Constant(count, tensor.values.front());
  if (static_cast<Index>(tensor.values.size()) != count) {
    reject(node,
           fmt::format("has a constant of {} numbers for {} values", tensor.values.size(), count));
  }
  return Eigen::Map<const VectorXd>(tensor.values.data(), count);
}

class ChainReader {
 public:
  ChainReader(const SourceModel& model, std::vector<ImportNote>& notes)
      : model_(model), notes_(notes), tensor_(model.input()), shape_(model.input_shape()) {
    if (model.input_type() == TensorProto::UINT8) chain_.input_type = "u8";
    if (model.input_type() == TensorProto::INT8) chain_.input_type = "s8";
  }

  Chain read() {
    while (tensor_ != model_.output()) {
      const NodeProto& node = model_.consumer(tensor_);
      if (++steps_ > model_.nodes()) reject(node, "is part of a cycle");
      if (node.output_size() == 0) reject(node, "makes nothing");
      take(node);
      tensor_ = node.output(0);
    }
    if (chain_.layers.empty()) throw InputError("has no fully connected layer");
    if (pending_) throw InputError("scales its outputs after the last layer's activation");
    return std::move(chain_);
  }

 private:
  using Handler = void (ChainReader::*)(const NodeProto&);

  void take(const NodeProto& node) {
    static const std::map<std::string, Handler> handlers{
        {"Add", &ChainReader::add},
        {"ArgMax", &ChainReader::end},
        {"BatchNormalization", &ChainReader::batch_normalization},
        {"Cast", &ChainReader::keep},
        {"Clip", &ChainReader::clip},
        {"DequantizeLinear", &ChainReader::dequantise},
        {"Div", &ChainReader::div},
        {"Dropout", &ChainReader::keep},
        {"Flatten", &ChainReader::flatten},
        {"Gemm", &ChainReader::gemm},
        {"Identity", &ChainReader::keep},
        {"LogSoftmax", &ChainReader::end},
        {"MatMul", &ChainReader::matmul},
        {"Mul", &ChainReader::mul},
        {"QGemm", &ChainReader::qgemm},
        {"QLinearMatMul", &ChainReader::qlinear_matmul},
        {"Quant", &ChainReader::quant},
        {"QuantizeLinear", &ChainReader::quantise},
        {"Relu", &ChainReader::relu},
        {"RequantShift", &ChainReader::requant_shift},
        {"Reshape", &ChainReader::reshape},
        {"Sigmoid", &ChainReader::end},
        {"Softmax", &ChainReader::end},
        {"Squeeze", &ChainReader::flatten},
        {"Sub", &ChainReader::sub},
        {"Transpose", &ChainReader::transpose},
        {"Unsqueeze", &ChainReader::flatten}};
    const auto handler = handlers.find(node.op_type());
    if (handler == handlers.end()) reject_operator(node, handlers);
    if (ended_ && handler->second != &ChainReader::keep && handler->second != &ChainReader::end) {
      reject(node, "stands behind the last activation of a classifier");
    }
    (this->*handler->second)(node);
  }

  template <typename Handlers>
  [[noreturn]] static void reject_operator(const NodeProto& node, const Handlers& handlers) {
    if (node.op_type() == "DynamicQuantizeLinear" || node.op_type() == "MatMulInteger") {
      reject(node,
             "belongs to dynamic quantisation, whose scales change with every input: hardware has "
             "none; "
             "quantise statically (a network of cfcsim needs no import)");
    }
    std::string names;
    for (const auto& [name, unused] : handlers) names += (names.empty() ? "" : ", ") + name;
    reject(node, fmt::format("is not supported; supported are {}", names));
  }

  void note(const NodeProto& node, const std::string& what) {
    notes_.push_back({name_of(node), what});
  }

  const Tensor& constant(const NodeProto& node, int input) const {
    const Tensor* found = input < node.input_size() ? model_.constant(node.input(input)) : nullptr;
    if (found == nullptr) reject(node, fmt::format("has no constant as input {}", input));
    return *found;
  }
  const Tensor* optional_constant(const NodeProto& node, int input) const {
    return input < node.input_size() && !node.input(input).empty() ? &constant(node, input)
                                                                   : nullptr;
  }

  /// Of a node that takes the chain's value and one constant, in any order.
  const Tensor& other(const NodeProto& node) const {
    return constant(node, node.input(0) == tensor_ ? 1 : 0);
  }

  // Layers

  void push(const NodeProto& node, const Tensor& weights, VectorXd bias) {
    SourceLayer layer;
    layer.node = name_of(node);
    layer.weights = matrix_of(weights);
    layer.bias = bias.size() > 0 ? std::move(bias) : VectorXd::Zero(layer.weights.cols());
    if (!chain_.layers.empty() && chain_.layers.back().weights.cols() != layer.weights.rows()) {
      reject(node, fmt::format("takes {} values, but the layer before it gives {}",
                               layer.weights.rows(), chain_.layers.back().weights.cols()));
    }
    if (weights.grid) set_grid(node, weights, layer);
    apply_pending(layer);
    note(node, fmt::format("layer {}, {} x {}", chain_.layers.size() + 1, layer.weights.rows(),
                           layer.weights.cols()));
    chain_.layers.push_back(std::move(layer));
    shape_ = {chain_.layers.back().weights.cols()};
  }

  static void set_grid(const NodeProto& node, const Tensor& weights, SourceLayer& layer) {
    const Grid& grid = *weights.grid;
    if (grid.scales.size() > 1 && grid.axis != 1) {
      reject(node,
             "has weights with a scale for each input; only one for each output is supported");
    }
    layer.grid = {
        Eigen::Map<const Numbers>(grid.integers.data(), layer.weights.rows(), layer.weights.cols()),
        grid.scales};
  }

  /// What scaled the values before this layer goes into its weights.
  void apply_pending(SourceLayer& layer) {
    if (!pending_) return;
    const auto& [multiplier, addend] = *pending_;
    layer.bias += layer.weights.transpose() * spread_pending(addend, layer);
    layer.weights = spread_pending(multiplier, layer).asDiagonal() * layer.weights;
    layer.grid.reset();
    pending_.reset();
  }
  static VectorXd spread_pending(const VectorXd& values, const SourceLayer& layer) {
    return values.size() == 1 ? VectorXd::Constant(layer.weights.rows(), values[0]) : values;
  }

  void matmul(const NodeProto& node) {
    if (node.input(0) != tensor_) reject(node, "multiplies weights from the left");
    push(node, constant(node, 1), {});
  }

  void gemm(const NodeProto& node) {
    if (node.input(0) != tensor_) reject(node, "multiplies weights from the left");
    if (int_attribute(node, "transA", 0) != 0) reject(node, "transposes its input");
    Tensor weights = constant(node, 1);
    if (int_attribute(node, "transB", 0) != 0) weights = transposed(weights);
    const double alpha = float_attribute(node, "alpha", 1), beta = float_attribute(node, "beta", 1);
    if (alpha != 1) {
      for (double& weight : weights.values) weight *= alpha;
      weights.grid.reset();
    }
    VectorXd bias;
    if (const Tensor* c = optional_constant(node, 2)) {
      bias = beta * spread(*c, matrix_of(weights).cols(), node);
    }
    push(node, weights, std::move(bias));
  }

  /// y = y * multiplier + addend, for each output.
  void scale(const NodeProto& node, const Tensor* multiplier, const Tensor* addend, double sign) {
    const bool is_open = !chain_.layers.empty() && chain_.layers.back().is_open() && !pending_;
    if (!is_open) return scale_later(node, multiplier, addend, sign);
    SourceLayer& layer = chain_.layers.back();
    const Index n = layer.weights.cols();
    if (multiplier != nullptr) {
      const VectorXd factors = spread(*multiplier, n, node);
      layer.weights = layer.weights * factors.asDiagonal();
      layer.bias = layer.bias.cwiseProduct(factors);
      layer.grid.reset();
    }
    if (addend != nullptr) layer.bias += sign * spread(*addend, n, node);
    note(node, "folded into the layer before");
  }

  void scale_later(const NodeProto& node, const Tensor* multiplier, const Tensor* addend,
                   double sign) {
    if (stored_as_integers_) reject(node, "computes with quantised numbers");
    const auto count = static_cast<Index>((multiplier ? multiplier : addend)->values.size());
    auto [factors, addends] =
        pending_.value_or(std::pair(VectorXd::Ones(count).eval(), VectorXd::Zero(count).eval()));
    if (factors.size() != count) reject(node, "has another size than the node before it");
    if (multiplier != nullptr) {
      factors = factors.cwiseProduct(spread(*multiplier, count, node));
      addends = addends.cwiseProduct(spread(*multiplier, count, node));
    }
    if (addend != nullptr) addends += sign * spread(*addend, count, node);
    pending_ = {factors, addends};
    note(node, "folded into the layer behind");
  }

  void add(const NodeProto& node) { scale(node, nullptr, &other(node), 1); }
  void mul(const NodeProto& node) { scale(node, &other(node), nullptr, 1); }
  void sub(const NodeProto& node) {
    if (node.input(0) != tensor_) reject(node, "subtracts the values from a constant");
    scale(node, nullptr, &constant(node, 1), -1);
  }
  void div(const NodeProto& node) {
    if (node.input(0) != tensor_) reject(node, "divides a constant by the values");
    Tensor inverse = constant(node, 1);
    for (double& value : inverse.values) {
      if (value == 0) reject(node, "divides by 0");
      value = 1 / value;
    }
    scale(node, &inverse, nullptr, 1);
  }

  void batch_normalization(const NodeProto& node) {
    const Tensor& gamma = constant(node, 1);
    Tensor factors = gamma, addends = constant(node, 2);
    const Tensor &mean = constant(node, 3), &variance = constant(node, 4);
    const double epsilon = float_attribute(node, "epsilon", 1e-5);
    for (std::size_t i = 0; i < factors.values.size(); ++i) {
      if (i >= mean.values.size() || i >= variance.values.size() || i >= addends.values.size()) {
        reject(node, "has constants of different sizes");
      }
      const double spread_of = variance.values[i] + epsilon;
      if (!(spread_of > 0)) reject(node, "has a variance that is not positive");
      factors.values[i] /= std::sqrt(spread_of);
      addends.values[i] -= mean.values[i] * factors.values[i];
    }
    scale(node, &factors, &addends, 1);
  }

  // Activations

  SourceLayer& last_layer(const NodeProto& node) {
    if (chain_.layers.empty()) reject(node, "stands before the first layer");
    if (pending_) reject(node, "stands behind a scaling that is not a layer's");
    return chain_.layers.back();
  }

  void clamp(const NodeProto& node, double lo, double hi) {
    SourceLayer& layer = last_layer(node);
    if (lo != 0 || !(hi > 0)) {
      reject(node, fmt::format("clips to {} .. {}; only a lower bound of 0 is supported", lo, hi));
    }
    if (layer.shift) reject(node, "stands behind a requantisation");
    if (layer.output) {
      Quantiser& output = *layer.output;
      if (std::isfinite(hi))
        output.hi =
            std::min<int>(output.hi, static_cast<int>(output.integer(hi / output.scales[0])));
      output.lo = std::max(output.lo, output.zero_point);
    }
    layer.lo = 0;
    layer.hi = std::min(layer.hi, hi);
    note(node, std::isfinite(hi) ? fmt::format("clip at 0 and {}", hi) : "ReLU");
  }

  void relu(const NodeProto& node) { clamp(node, 0, std::numeric_limits<double>::infinity()); }

  void clip(const NodeProto& node) {
    const Tensor *least = optional_constant(node, 1), *largest = optional_constant(node, 2);
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    constexpr double kHuge = 1e30;  // exporters write the largest float for "none"
    const double lo = least ? least->single() : float_attribute(node, "min", -kInfinity);
    const double hi = largest ? largest->single() : float_attribute(node, "max", kInfinity);
    clamp(node, lo, hi > kHuge ? kInfinity : hi);
  }

  void end(const NodeProto& node) {
    last_layer(node);
    ended_ = true;
    note(node,
         "left out: it changes no order of the outputs, and the accelerator gives what it takes");
  }

  // Shape

  void keep(const NodeProto& node) { note(node, "changes no value"); }
  void flatten(const NodeProto& node) { note(node, "changes no order of values"); }

  void reshape(const NodeProto& node) {
    const Tensor& shape = constant(node, 1);
    if (shape.values.size() < 2) reject(node, "changes the number of vectors");
    double width = 1;
    for (std::size_t i = 1; i < shape.values.size(); ++i) width *= shape.values[i];
    std::int64_t known = 1;
    for (const std::int64_t size : shape_) known = size < 0 || known < 0 ? -1 : known * size;
    const bool other_width = width > 0 && known > 0 && width != static_cast<double>(known);
    if (other_width) reject(node, "changes the number of vectors");
    flatten(node);
  }

  void transpose(const NodeProto& node) {
    std::vector<std::int64_t> order = ints_attribute(node, "perm");
    const auto is_long = [this](std::int64_t axis) {
      const auto place = static_cast<std::size_t>(axis) - 1;
      return axis < 1 || place >= shape_.size() || shape_[place] != 1;
    };
    order.erase(std::remove_if(order.begin(), order.end(),
                               [&](std::int64_t axis) { return !is_long(axis); }),
                order.end());
    if (order.empty() || order.front() != 0 || !std::is_sorted(order.begin(), order.end())) {
      reject(node, "changes the order of values");
    }
    flatten(node);
  }

  // Quantisation

  void set_output(const NodeProto& node, Quantiser quantiser) {
    if (pending_) reject(node, "quantises what is scaled outside of a layer");
    if (chain_.layers.empty()) {
      if (chain_.input && !(*chain_.input == quantiser)) reject(node, "quantises a second time");
      chain_.input = std::move(quantiser);
      return note(node, "scale of the inputs");
    }
    SourceLayer& layer = chain_.layers.back();
    if (layer.shift || (layer.output && !(*layer.output == quantiser))) {
      reject(node, "quantises a second time, in another way");
    }
    if (quantiser.scales.size() != 1)
      reject(node, "scales each output by its own; only weights may");
    if (layer.lo == 0) quantiser.lo = std::max(quantiser.lo, quantiser.zero_point);
    if (std::isfinite(layer.hi)) {
      quantiser.hi = std::min(quantiser.hi,
                              static_cast<int>(quantiser.integer(layer.hi / quantiser.scales[0])));
    }
    layer.output = std::move(quantiser);
    note(node, fmt::format("requantisation of layer {}", chain_.layers.size()));
  }

  /// What the integers on the chain stand for is what this node takes them for.
  void expect_quantiser(const NodeProto& node, const Quantiser& quantiser) {
    const bool is_input = chain_.layers.empty();
    if (is_input && !chain_.input && !chain_.input_type.empty()) chain_.input = quantiser;
    const std::optional<Quantiser>& there = is_input ? chain_.input : chain_.layers.back().output;
    if (!there || there->scales != quantiser.scales || there->zero_point != quantiser.zero_point) {
      reject(node, "takes its input for integers of another scale or zero point than they have");
    }
  }

  Quantiser quantiser_of(const NodeProto& node, int scale_input, int zero_input) const {
    const Tensor* zero_point = optional_constant(node, zero_input);
    return linear_quantiser(node, constant(node, scale_input), zero_point,
                            zero_point ? zero_point->type : TensorProto::UINT8);
  }

  void quantise(const NodeProto& node) {
    set_output(node, quantiser_of(node, 1, 2));
    stored_as_integers_ = true;
  }

  void dequantise(const NodeProto& node) {
    expect_quantiser(node, quantiser_of(node, 1, 2));
    stored_as_integers_ = false;
    note(node, "changes no value");
  }

  void quant(const NodeProto& node) {
    set_output(node,
               qonnx_quantiser(node, constant(node, 1), constant(node, 2), constant(node, 3)));
  }

  /// Integer weights with the grid that the node gives them.
  Tensor weights_of(const NodeProto& node, int first) const {
    const Tensor& integers = constant(node, first);
    const Quantiser quantiser = linear_quantiser(node, constant(node, first + 1),
                                                 optional_constant(node, first + 2), integers.type);
    Tensor weights = integers;
    weights.grid = Grid{integers.values, quantiser.scales, 1};
    for (double& integer : weights.grid->integers) integer -= quantiser.zero_point;
    const Index columns = matrix_of(weights).cols();
    for (std::size_t i = 0; i < weights.values.size(); ++i) {
      const std::size_t place =
          quantiser.scales.size() == 1 ? 0 : i % static_cast<std::size_t>(columns);
      if (place >= quantiser.scales.size()) reject(node, "has scales that do not fit its weights");
      weights.values[i] = weights.grid->integers[i] * quantiser.scales[place];
    }
    return weights;
  }

  void qlinear_matmul(const NodeProto& node) {
    expect_quantiser(node, quantiser_of(node, 1, 2));
    push(node, weights_of(node, 3), {});
    set_output(node, quantiser_of(node, 6, 7));
    stored_as_integers_ = true;
  }

  void qgemm(const NodeProto& node) {
    const Quantiser input = quantiser_of(node, 1, 2);
    expect_quantiser(node, input);
    if (int_attribute(node, "transA", 0) != 0) reject(node, "transposes its input");
    if (float_attribute(node, "alpha", 1) != 1) reject(node, "scales its product");
    Tensor weights = weights_of(node, 3);
    if (int_attribute(node, "transB", 0) != 0) {
      if (weights.grid->scales.size() > 1) weights.grid->axis = 0;
      weights = transposed(weights);
    }
    VectorXd bias;
    if (const Tensor* c = optional_constant(node, 6)) {
      bias = spread(*c, matrix_of(weights).cols(), node);
      for (Index j = 0; j < bias.size(); ++j) {
        const std::vector<double>& scales = weights.grid->scales;
        bias[j] *= input.scales[0] * scales[scales.size() == 1 ? 0 : static_cast<std::size_t>(j)];
      }
    }
    push(node, weights, std::move(bias));
    if (!optional_constant(node, 7)) return;
    set_output(node, quantiser_of(node, 7, 8));
    stored_as_integers_ = true;
  }

  void requant_shift(const NodeProto& node) {
    SourceLayer& layer = last_layer(node);
    if (!layer.is_open()) reject(node, "stands behind another activation");
    const auto number = [&](const char* name) {
      const TensorProto* value = tensor_attribute(node, name);
      if (value == nullptr) reject(node, fmt::format("lacks its attribute '{}'", name));
      return read_tensor(*value, {}).single();
    };
    RequantShift shift{constant(node, 1).values, constant(node, 2).values, number("div")};
    const auto levels = static_cast<int>(std::clamp<double>(number("n_levels_out"), 2, 256));
    const bool is_signed = number("signed") != 0;
    shift.lo = is_signed ? -levels / 2 : 0;
    shift.hi = shift.lo + levels - 1;
    layer.shift = std::move(shift);
    note(node, fmt::format("requantisation of layer {}", chain_.layers.size()));
  }

  const SourceModel& model_;
  std::vector<ImportNote>& notes_;
  Chain chain_;
  std::string tensor_;
  std::vector<std::int64_t> shape_;  ///< of a value, behind the batch
  std::optional<std::pair<VectorXd, VectorXd>>
      pending_;  ///< factors and addends of the next layer's inputs
  bool stored_as_integers_{false};
  bool ended_{false};
  int steps_{0};
};

}  // namespace

Chain read_chain(const SourceModel& model, std::vector<ImportNote>& notes) {
  return ChainReader(model, notes).read();
}

}  // namespace cfc::exchange
