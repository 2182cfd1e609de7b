#include "exchange/import/chain_reader.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
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

bool is_real(std::int64_t type) {
  return type == TensorProto::FLOAT || type == TensorProto::DOUBLE;
}

/// 8 bits of the graph's input that stand for themselves.
Quantiser own_scale(const std::string& type) {
  const bool is_signed = type == "s8";
  return Quantiser{{1}, 0, 0, is_signed ? -128 : 0, is_signed ? 127 : 255};
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
    if (!chain_.input && !chain_.input_type.empty()) chain_.input = own_scale(chain_.input_type);
    check_integers();
    return std::move(chain_);
  }

 private:
  using Handler = void (ChainReader::*)(const NodeProto&);

  static bool is_known_domain(const std::string& domain) {
    static const std::set<std::string> known{"",
                                             "ai.onnx",
                                             "com.microsoft",
                                             "PACTOps",
                                             "qonnx.custom_op.general",
                                             "finn.custom_op.general",
                                             "onnx.brevitas"};
    return known.count(domain) > 0;
  }

  void take(const NodeProto& node) {
    static const std::map<std::string, Handler> handlers{
        {"Add", &ChainReader::add},
        {"ArgMax", &ChainReader::end},
        {"BatchNormalization", &ChainReader::batch_normalization},
        {"Cast", &ChainReader::cast},
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
        {"Squeeze", &ChainReader::squeeze},
        {"Sub", &ChainReader::sub},
        {"Transpose", &ChainReader::transpose},
        {"Unsqueeze", &ChainReader::unsqueeze}};
    const auto handler = handlers.find(node.op_type());
    if (handler == handlers.end() || !is_known_domain(node.domain())) {
      reject_operator(node, handlers);
    }
    const bool takes_either = node.op_type() == "Add" || node.op_type() == "Mul";
    if (!takes_either && node.input(0) != tensor_) {
      reject(node, "takes the values as another input than its first");
    }
    const bool may_end = node.op_type() == "ArgMax" || node.op_type() == "Cast" ||
                         node.op_type() == "Identity" || node.op_type() == "Softmax";
    if (ended_ && !may_end) {
      reject(node, "stands behind the last activation of a classifier");
    }
    (this->*handler->second)(node);
  }

  /// Where one layer computes with integers alone, all do.
  void check_integers() const {
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
    check_width(node, layer.weights.rows());
    if (weights.grid) set_grid(node, weights, layer);
    apply_pending(layer);
    note(node, fmt::format("layer {}, {} x {}", chain_.layers.size() + 1, layer.weights.rows(),
                           layer.weights.cols()));
    chain_.layers.push_back(std::move(layer));
    shape_ = {chain_.layers.back().weights.cols()};
  }

  /// A product is one of whole vectors.
  void check_width(const NodeProto& node, Index rows) const {
    const auto is_long = [](std::int64_t size) { return size != 1; };
    const bool is_vector =
        shape_.empty() || std::none_of(shape_.begin(), shape_.end() - 1, is_long);
    if (!is_vector)
      reject(node, "multiplies the last of several dimensions; put a Flatten before it");
    if (!shape_.empty() && shape_.back() > 0 && shape_.back() != rows) {
      reject(node, fmt::format("takes {} values, but there are {}", rows, shape_.back()));
    }
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
    if (multiplier.size() != 1 && multiplier.size() != layer.weights.rows()) {
      throw InputError(fmt::format("{}: what scales its inputs has {} numbers for {}", layer.node,
                                   multiplier.size(), layer.weights.rows()));
    }
    layer.bias += layer.weights.transpose() * spread_pending(addend, layer);
    layer.weights = spread_pending(multiplier, layer).asDiagonal() * layer.weights;
    layer.grid.reset();
    pending_.reset();
  }
  static VectorXd spread_pending(const VectorXd& values, const SourceLayer& layer) {
    return values.size() == 1 ? VectorXd::Constant(layer.weights.rows(), values[0]) : values;
  }

  void expect_real(const NodeProto& node) const {
    if (stored_as_integers_) reject(node, "computes with quantised numbers");
  }

  void matmul(const NodeProto& node) {
    expect_real(node);
    push(node, constant(node, 1), {});
  }

  void gemm(const NodeProto& node) {
    expect_real(node);
    if (int_attribute(node, "transA", 0) != 0) reject(node, "transposes its input");
    Tensor weights = constant(node, 1);
    if (int_attribute(node, "transB", 0) != 0) weights = transposed(weights);
    const double alpha = float_attribute(node, "alpha", 1), beta = float_attribute(node, "beta", 1);
    if (alpha != 1) {
      for (double& weight : weights.values) weight *= alpha;
      if (weights.grid && alpha > 0) {
        for (double& scale : weights.grid->scales) scale *= alpha;
      } else {
        weights.grid.reset();
      }
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
      scale_grid(layer, factors);
    }
    if (addend != nullptr) layer.bias += sign * spread(*addend, n, node);
    note(node, "folded into the layer before");
  }

  /// The integers of the weights stay, if no factor changes a sign.
  static void scale_grid(SourceLayer& layer, const VectorXd& factors) {
    if (!layer.grid) return;
    if (!(factors.array() > 0).all()) return layer.grid.reset();
    std::vector<double> scales;
    for (Index j = 0; j < factors.size(); ++j)
      scales.push_back(layer.grid->scale_of(j) * factors[j]);
    const bool is_one = std::all_of(scales.begin(), scales.end(),
                                    [&](double scale) { return scale == scales.front(); });
    if (is_one) scales.resize(1);
    layer.grid->scales = std::move(scales);
  }

  void scale_later(const NodeProto& node, const Tensor* multiplier, const Tensor* addend,
                   double sign) {
    expect_real(node);
    if (!chain_.layers.empty() && chain_.layers.back().shift) {
      reject(node, "scales what RequantShift gives");
    }
    auto [factors, addends] =
        pending_.value_or(std::pair(VectorXd::Ones(1).eval(), VectorXd::Zero(1).eval()));
    const auto given = static_cast<Index>((multiplier ? multiplier : addend)->values.size());
    const Index count = std::max(factors.size(), given);
    if (factors.size() == 1) {  // one number is as many as are needed
      factors = VectorXd::Constant(count, factors[0]);
      addends = VectorXd::Constant(count, addends[0]);
    }
    if (multiplier != nullptr) {
      factors = factors.cwiseProduct(spread(*multiplier, count, node));
      addends = addends.cwiseProduct(spread(*multiplier, count, node));
    }
    if (addend != nullptr) addends += sign * spread(*addend, count, node);
    pending_ = {factors, addends};
    note(node, "folded into the layer behind");
  }

  /// The constant beside the values, where it has one number, or one for each value along the
  /// dimension in which the values lie.
  const Tensor& beside(const NodeProto& node) const {
    const Tensor& tensor = other(node);
    if (tensor.is_single()) return tensor;
    if (place_from_right(tensor.shape, node) != place_from_right(shape_, node)) {
      reject(node, "has a constant along another dimension than the values");
    }
    return tensor;
  }

  /// How many dimensions stand behind the only long one.
  static std::size_t place_from_right(const std::vector<std::int64_t>& shape,
                                      const NodeProto& node) {
    std::size_t place = 0;
    int long_ones = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      if (shape[i] == 1) continue;
      place = shape.size() - 1 - i;
      ++long_ones;
    }
    if (long_ones > 1)
      reject(node, "computes with more than one dimension; put a Flatten before it");
    return place;
  }

  void add(const NodeProto& node) { scale(node, nullptr, &beside(node), 1); }
  void mul(const NodeProto& node) { scale(node, &beside(node), nullptr, 1); }
  void sub(const NodeProto& node) { scale(node, nullptr, &beside(node), -1); }
  void div(const NodeProto& node) {
    Tensor inverse = beside(node);
    for (double& value : inverse.values) {
      if (value == 0) reject(node, "divides by 0");
      value = 1 / value;
    }
    scale(node, &inverse, nullptr, 1);
  }

  void batch_normalization(const NodeProto& node) {
    Tensor factors = constant(node, 1), addends = constant(node, 2);
    const Tensor &mean = constant(node, 3), &variance = constant(node, 4);
    const std::size_t count = factors.values.size();
    if (addends.values.size() != count || mean.values.size() != count ||
        variance.values.size() != count) {
      reject(node, "has constants of different sizes");
    }
    if (int_attribute(node, "training_mode", 0) != 0) reject(node, "is in training mode");
    const double epsilon = float_attribute(node, "epsilon", 1e-5);
    for (std::size_t i = 0; i < count; ++i) {
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

  static void clamp_output(const NodeProto& node, double hi, Quantiser& output) {
    output.lo = std::max(output.lo, output.zero_point);
    if (!std::isfinite(hi)) return;
    const double steps = hi / output.scales.front();
    if (steps != std::floor(steps)) reject(node, "clips between two steps of the quantisation");
    output.hi = std::min(output.hi, static_cast<int>(output.integer(steps)));
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
    // Softmax works along the vector unless it says otherwise, ArgMax along the batch.
    const std::int64_t axis = int_attribute(node, "axis", node.op_type() == "ArgMax" ? 0 : -1);
    if (axis != 1 && axis != -1) reject(node, fmt::format("works along axis {}", axis));
    ended_ = true;
    note(node,
         "left out: it changes no order of the outputs, and the accelerator gives what it takes");
  }

  // Shape

  void keep(const NodeProto& node) { note(node, "changes no value"); }
  void keep_order(const NodeProto& node) { note(node, "changes no order of values"); }

  void cast(const NodeProto& node) {
    expect_real(node);
    if (!is_real(int_attribute(node, "to", TensorProto::FLOAT)) && !ended_) {
      reject(node, "rounds its values; quantise with QuantizeLinear");
    }
    keep(node);
  }

  /// Values of a vector; nothing where a dimension is open.
  std::optional<std::int64_t> width() const {
    std::int64_t product = shape_.empty() ? -1 : 1;
    for (const std::int64_t size : shape_) product = size < 0 || product < 0 ? -1 : product * size;
    if (product < 0) return {};
    return product;
  }

  void flatten(const NodeProto& node) {
    if (int_attribute(node, "axis", 1) != 1) reject(node, "changes the number of vectors");
    shape_ = {width().value_or(-1)};
    keep_order(node);
  }

  /// The batch is kept where it is copied, or where all that is behind it is as much as before.
  void reshape(const NodeProto& node) {
    const std::vector<double>& sizes = constant(node, 1).values;
    if (sizes.size() < 2) reject(node, "changes the number of vectors");
    std::vector<std::int64_t> shape;
    double product = 1;
    for (std::size_t i = 1; i < sizes.size(); ++i) {
      const bool is_copy = sizes[i] == 0 && i - 1 < shape_.size();
      if (!(std::abs(sizes[i]) <= 1e9)) reject(node, "has an impossible shape");
      shape.push_back(is_copy ? shape_[i - 1] : static_cast<std::int64_t>(sizes[i]));
      product *= shape.back() < 0 ? NAN : static_cast<double>(shape.back());
    }
    const bool is_same = width() && product == static_cast<double>(*width());
    if (!is_same && sizes[0] != 0) reject(node, "changes, or may change, the number of vectors");
    if (shape.size() == 1 && shape[0] < 0) shape[0] = width().value_or(-1);
    shape_ = std::move(shape);
    keep_order(node);
  }

  /// Of Squeeze and Unsqueeze, counted from 1 behind the batch.
  std::vector<std::int64_t> axes_of(const NodeProto& node, std::int64_t rank) const {
    std::vector<std::int64_t> axes = ints_attribute(node, "axes");
    if (const Tensor* given = optional_constant(node, 1)) {
      for (const double axis : given->values) axes.push_back(static_cast<std::int64_t>(axis));
    }
    for (std::int64_t& axis : axes) axis += axis < 0 ? rank : 0;
    std::sort(axes.begin(), axes.end());
    for (const std::int64_t axis : axes) {
      if (axis < 1 || axis >= rank) reject(node, "changes the number of vectors");
    }
    return axes;
  }

  void squeeze(const NodeProto& node) {
    const std::vector<std::int64_t> axes =
        axes_of(node, static_cast<std::int64_t>(shape_.size()) + 1);
    std::vector<std::int64_t> shape;
    for (std::size_t i = 0; i < shape_.size(); ++i) {
      const bool is_named =
          std::binary_search(axes.begin(), axes.end(), static_cast<std::int64_t>(i) + 1);
      const bool goes = axes.empty() ? shape_[i] == 1 : is_named;
      if (goes && shape_[i] > 1) reject(node, "removes a dimension of more than one");
      if (!goes) shape.push_back(shape_[i]);
    }
    shape_ = std::move(shape);
    keep_order(node);
  }

  void unsqueeze(const NodeProto& node) {
    const std::size_t given = ints_attribute(node, "axes").size() +
                              (optional_constant(node, 1) ? constant(node, 1).values.size() : 0);
    const auto rank = static_cast<std::int64_t>(shape_.size() + 1 + given);
    for (const std::int64_t axis : axes_of(node, rank)) {
      if (axis - 1 > static_cast<std::int64_t>(shape_.size()))
        reject(node, "adds no such dimension");
      shape_.insert(shape_.begin() + (axis - 1), 1);
    }
    keep_order(node);
  }

  void transpose(const NodeProto& node) {
    const std::vector<std::int64_t> order = ints_attribute(node, "perm");
    const std::size_t rank = shape_.size() + 1;
    std::vector<std::int64_t> shape, long_ones;
    if (order.size() != rank || order[0] != 0) reject(node, "changes the order of values");
    for (std::size_t i = 1; i < rank; ++i) {
      if (order[i] < 1 || order[i] >= static_cast<std::int64_t>(rank))
        reject(node, "has a broken order");
      shape.push_back(shape_[static_cast<std::size_t>(order[i]) - 1]);
      if (shape.back() != 1) long_ones.push_back(order[i]);
    }
    if (!std::is_sorted(long_ones.begin(), long_ones.end())) {
      reject(node, "changes the order of values");
    }
    shape_ = std::move(shape);
    keep_order(node);
  }

  // Quantisation

  /// Values have one scale, and 8 bits.
  static void check_values(const NodeProto& node, const Quantiser& quantiser) {
    if (quantiser.scales.size() != 1)
      reject(node, "scales each value by its own; only weights may");
    if (quantiser.hi > 255) reject(node, "quantises values to more than 8 bits");
  }

  void set_output(const NodeProto& node, Quantiser quantiser) {
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
      quantiser.hi = std::min(quantiser.hi,
                              static_cast<int>(quantiser.integer(layer.hi / quantiser.scales[0])));
    }
    layer.output = std::move(quantiser);
    note(node, fmt::format("requantisation of layer {}", chain_.layers.size()));
  }

  /// What the integers on the chain stand for is what this node takes them for.
  void expect_quantiser(const NodeProto& node, const Quantiser& quantiser) {
    check_values(node, quantiser);
    const bool is_input = chain_.layers.empty();
    if (is_input && !chain_.input && !chain_.input_type.empty()) chain_.input = quantiser;
    const std::optional<Quantiser>& there = is_input ? chain_.input : chain_.layers.back().output;
    if (!there || there->scales != quantiser.scales || there->zero_point != quantiser.zero_point) {
      reject(node, "takes its input for integers of another scale or zero point than they have");
    }
  }

  /// `type` is that of the integers where no zero point says it.
  Quantiser quantiser_of(const NodeProto& node, int scale_input, int zero_input,
                         std::int64_t type) const {
    const Tensor* zero_point = optional_constant(node, zero_input);
    return linear_quantiser(node, constant(node, scale_input), zero_point,
                            zero_point ? zero_point->type : static_cast<int>(type));
  }

  /// Of the integers on the chain.
  std::int64_t integer_type() const {
    if (chain_.layers.empty()) {
      if (!chain_.input) return chain_.input_type == "s8" ? TensorProto::INT8 : TensorProto::UINT8;
      return chain_.input->lo < 0 ? TensorProto::INT8 : TensorProto::UINT8;
    }
    const auto& output = chain_.layers.back().output;
    return output && output->is_signed ? TensorProto::INT8 : TensorProto::UINT8;
  }

  void quantise(const NodeProto& node) {
    expect_real(node);
    set_output(node,
               quantiser_of(node, 1, 2, int_attribute(node, "output_dtype", TensorProto::UINT8)));
    stored_as_integers_ = true;
  }

  void dequantise(const NodeProto& node) {
    expect_quantiser(node, quantiser_of(node, 1, 2, integer_type()));
    stored_as_integers_ = false;
    note(node, "changes no value");
  }

  void quant(const NodeProto& node) {
    expect_real(node);
    set_output(node,
               qonnx_quantiser(node, constant(node, 1), constant(node, 2), constant(node, 3)));
  }

  /// Integer weights with the grid that the node gives them.
  Tensor weights_of(const NodeProto& node, int first, std::int64_t transposes) const {
    const Tensor integers =
        transposes != 0 ? transposed(constant(node, first)) : constant(node, first);
    const Quantiser quantiser = linear_quantiser(node, constant(node, first + 1),
                                                 optional_constant(node, first + 2), integers.type);
    const Index columns = matrix_of(integers).cols();
    const std::vector<double>& scales = quantiser.scales;
    if (scales.size() != 1 && static_cast<Index>(scales.size()) != columns) {
      reject(node, "has scales that do not fit its weights");
    }
    Tensor weights = integers;
    weights.grid = Grid{integers.values, scales, 1};
    for (double& integer : weights.grid->integers) integer -= quantiser.zero_point;
    for (std::size_t i = 0; i < weights.values.size(); ++i) {
      const std::size_t place = scales.size() == 1 ? 0 : i % static_cast<std::size_t>(columns);
      weights.values[i] = weights.grid->integers[i] * scales[place];
    }
    return weights;
  }

  void qlinear_matmul(const NodeProto& node) {
    expect_quantiser(node, quantiser_of(node, 1, 2, integer_type()));
    push(node, weights_of(node, 3, 0), {});
    set_output(node, quantiser_of(node, 6, 7, TensorProto::UINT8));
    stored_as_integers_ = true;
  }

  void qgemm(const NodeProto& node) {
    const Quantiser input = quantiser_of(node, 1, 2, integer_type());
    expect_quantiser(node, input);
    if (int_attribute(node, "transA", 0) != 0) reject(node, "transposes its input");
    if (float_attribute(node, "alpha", 1) != 1) reject(node, "scales its product");
    const Tensor weights = weights_of(node, 3, int_attribute(node, "transB", 0));
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
    set_output(node, quantiser_of(node, 7, 8, TensorProto::UINT8));
    stored_as_integers_ = true;
  }

  void requant_shift(const NodeProto& node) {
    SourceLayer& layer = last_layer(node);
    if (!layer.is_open()) reject(node, "stands behind another activation");
    const auto number = [&](const char* name) {
      const TensorProto* value = tensor_attribute(node, name);
      if (value == nullptr || value->data_location() == TensorProto::EXTERNAL) {
        reject(node, fmt::format("lacks its attribute '{}'", name));
      }
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
