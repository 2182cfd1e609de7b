#include "exchange/import/chain_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "exchange/import/chain_builder.h"

namespace cfc::exchange {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using onnx::NodeProto;
using onnx::TensorProto;

constexpr std::array<const char*, 7> kDomains{"",
                                              "ai.onnx",
                                              "com.microsoft",
                                              "PACTOps",
                                              "qonnx.custom_op.general",
                                              "finn.custom_op.general",
                                              "onnx.brevitas"};
/// May stand behind the activation at the end of a classifier.
constexpr std::array<const char*, 4> kAtTheEnd{"ArgMax", "Cast", "Identity", "Softmax"};

template <typename Names>
bool is_one_of(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class ChainReader {
 public:
  ChainReader(const SourceModel& model, std::vector<ImportNote>& notes)
      : model_(model),
        builder_(model.input_type(), model.input_shape(), notes),
        tensor_(model.input()) {}

  Chain read() {
    while (tensor_ != model_.output()) {
      const NodeProto& node = model_.consumer(tensor_);
      if (++steps_ > model_.nodes()) reject(node, "is part of a cycle");
      if (node.output_size() == 0) reject(node, "makes nothing");
      take(node);
      tensor_ = node.output(0);
    }
    return builder_.finish();
  }

 private:
  using Handler = void (ChainReader::*)(const NodeProto&);
  using Handlers = std::map<std::string, Handler>;

  static const Handlers& handlers() {
    static const Handlers all{{"Add", &ChainReader::add},
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
    return all;
  }

  void take(const NodeProto& node) {
    const auto handler = handlers().find(node.op_type());
    if (handler == handlers().end() || !is_one_of(kDomains, node.domain())) reject_operator(node);
    const bool takes_either = node.op_type() == "Add" || node.op_type() == "Mul";
    if (!takes_either && node.input(0) != tensor_) {
      reject(node, "takes the values as another input than its first");
    }
    if (ended_ && !is_one_of(kAtTheEnd, node.op_type())) {
      reject(node, "stands behind the last activation of a classifier");
    }
    (this->*handler->second)(node);
  }

  [[noreturn]] static void reject_operator(const NodeProto& node) {
    if (node.op_type() == "DynamicQuantizeLinear" || node.op_type() == "MatMulInteger") {
      reject(node,
             "belongs to dynamic quantisation, whose scales change with every input: hardware has "
             "none; quantise statically (a network of cfcsim needs no import)");
    }
    std::string names;
    for (const auto& [name, unused] : handlers()) names += (names.empty() ? "" : ", ") + name;
    reject(node, fmt::format("is not supported; supported are {}", names));
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

  /// Of a node that takes the values and one constant, in any order.
  const Tensor& beside(const NodeProto& node) {
    const Tensor& tensor = constant(node, node.input(0) == tensor_ ? 1 : 0);
    builder_.shape().check_beside(node, tensor);
    return tensor;
  }

  // Layers

  void matmul(const NodeProto& node) {
    builder_.expect_real(node);
    builder_.multiply(node, constant(node, 1), {});
  }

  void gemm(const NodeProto& node) {
    builder_.expect_real(node);
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
    builder_.multiply(node, weights, std::move(bias));
  }

  void add(const NodeProto& node) { builder_.scale(node, {nullptr, &beside(node)}); }
  void mul(const NodeProto& node) { builder_.scale(node, {&beside(node)}); }
  void sub(const NodeProto& node) { builder_.scale(node, {nullptr, &beside(node), -1}); }
  void div(const NodeProto& node) {
    Tensor inverse = beside(node);
    for (double& value : inverse.values) {
      if (value == 0) reject(node, "divides by 0");
      value = 1 / value;
    }
    builder_.scale(node, {&inverse});
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
    builder_.scale(node, {&factors, &addends});
  }

  // Activations

  void relu(const NodeProto& node) {
    builder_.clamp(node, 0, std::numeric_limits<double>::infinity());
  }

  void clip(const NodeProto& node) {
    const Tensor *least = optional_constant(node, 1), *largest = optional_constant(node, 2);
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    constexpr double kHuge = 1e30;  // exporters write the largest float for "none"
    const double lo = least ? least->single() : float_attribute(node, "min", -kInfinity);
    const double hi = largest ? largest->single() : float_attribute(node, "max", kInfinity);
    builder_.clamp(node, lo, hi > kHuge ? kInfinity : hi);
  }

  void end(const NodeProto& node) {
    builder_.expect_layer(node);
    // Softmax works along the vector unless it says otherwise, ArgMax along the batch.
    const std::int64_t axis = int_attribute(node, "axis", node.op_type() == "ArgMax" ? 0 : -1);
    if (axis != 1 && axis != -1) reject(node, fmt::format("works along axis {}", axis));
    ended_ = true;
    builder_.note(
        node,
        "left out: it changes no order of the outputs, and the accelerator gives what it takes");
  }

  // What changes no value

  void keep(const NodeProto& node) { builder_.note(node, "changes no value"); }
  void keep_order(const NodeProto& node) { builder_.note(node, "changes no order of values"); }

  void cast(const NodeProto& node) {
    builder_.expect_real(node);
    if (!is_real_type(int_attribute(node, "to", TensorProto::FLOAT)) && !ended_) {
      reject(node, "rounds its values; quantise with QuantizeLinear");
    }
    keep(node);
  }

  void flatten(const NodeProto& node) {
    builder_.shape().flatten(node);
    keep_order(node);
  }
  void reshape(const NodeProto& node) {
    builder_.shape().reshape(node, constant(node, 1));
    keep_order(node);
  }
  void squeeze(const NodeProto& node) {
    builder_.shape().squeeze(node, optional_constant(node, 1));
    keep_order(node);
  }
  void unsqueeze(const NodeProto& node) {
    builder_.shape().unsqueeze(node, optional_constant(node, 1));
    keep_order(node);
  }
  void transpose(const NodeProto& node) {
    builder_.shape().transpose(node);
    keep_order(node);
  }

  // Quantisation

  /// `type` is that of the integers where no zero point says it.
  Quantiser quantiser_of(const NodeProto& node, int scale_input, int zero_input,
                         std::int64_t type) const {
    const Tensor* zero_point = optional_constant(node, zero_input);
    return linear_quantiser(node, constant(node, scale_input), zero_point,
                            zero_point ? zero_point->type : static_cast<int>(type));
  }

  void quantise(const NodeProto& node) {
    builder_.expect_real(node);
    builder_.quantise(
        node, quantiser_of(node, 1, 2, int_attribute(node, "output_dtype", TensorProto::UINT8)));
    builder_.store_integers();
  }

  void dequantise(const NodeProto& node) {
    builder_.expect_quantiser(node, quantiser_of(node, 1, 2, builder_.integer_type()));
    builder_.store_reals();
    builder_.note(node, "changes no value");
  }

  void quant(const NodeProto& node) {
    builder_.expect_real(node);
    builder_.quantise(
        node, qonnx_quantiser(node, constant(node, 1), constant(node, 2), constant(node, 3)));
  }

  /// Integer weights, m x n, with the grid that the node gives them.
  Tensor weights_of(const NodeProto& node, int first, std::int64_t transposes) const {
    const Tensor integers =
        transposes != 0 ? transposed(constant(node, first)) : constant(node, first);
    Quantiser quantiser = linear_quantiser(node, constant(node, first + 1),
                                           optional_constant(node, first + 2), integers.type);
    quantiser.axis = 1;
    return dequantised(node, integers, quantiser);
  }

  void qlinear_matmul(const NodeProto& node) {
    builder_.expect_quantiser(node, quantiser_of(node, 1, 2, builder_.integer_type()));
    builder_.multiply(node, weights_of(node, 3, 0), {});
    builder_.quantise(node, quantiser_of(node, 6, 7, TensorProto::UINT8));
    builder_.store_integers();
  }

  void qgemm(const NodeProto& node) {
    const Quantiser input = quantiser_of(node, 1, 2, builder_.integer_type());
    builder_.expect_quantiser(node, input);
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
    builder_.multiply(node, weights, std::move(bias));
    if (!optional_constant(node, 7)) return;
    builder_.quantise(node, quantiser_of(node, 7, 8, TensorProto::UINT8));
    builder_.store_integers();
  }

  void requant_shift(const NodeProto& node) {
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
    builder_.shift(node, std::move(shift));
  }

  const SourceModel& model_;
  ChainBuilder builder_;
  std::string tensor_;
  bool ended_{false};
  int steps_{0};
};

}  // namespace

Chain read_chain(const SourceModel& model, std::vector<ImportNote>& notes) {
  return ChainReader(model, notes).read();
}

}  // namespace cfc::exchange
