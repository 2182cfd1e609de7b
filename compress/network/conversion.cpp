#include "compress/network/conversion.h"

#include <cmath>
#include <sstream>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/from_blob.h>
#include <fmt/format.h>

#include "exchange/data/network_data.h"
#include "support/error.h"

namespace cfc::compress {
namespace {

constexpr const char* kExponentsKey = "weight_exponents";

golden::MatrixS8 to_matrix(const Weights& weights) {
  const at::Tensor bytes = weights.integers().to(at::kChar).contiguous();
  return Eigen::Map<const golden::MatrixS8>(bytes.data_ptr<std::int8_t>(), bytes.size(0),
                                            bytes.size(1));
}

golden::VectorS32 bias_integers(const FullyConnected& layer) {
  const at::Tensor integers = layer.bias_integers().to(at::kInt).contiguous();
  return Eigen::Map<const golden::VectorS32>(integers.data_ptr<std::int32_t>(), integers.size(0));
}

struct Exporter {
  int input_exponent;

  std::variant<golden::DenseWeights, golden::FactorisedWeights> operator()(
      const Dense& dense) const {
    return golden::DenseWeights{to_matrix(dense.w), dense.w.bits};
  }

  std::variant<golden::DenseWeights, golden::FactorisedWeights> operator()(
      const Factorised& factors) const {
    const int z_shift = input_exponent + factors.u.exponent - factors.z_exponent;
    return golden::FactorisedWeights{
        to_matrix(factors.u), to_matrix(factors.v), factors.u.bits, factors.v.bits, z_shift,
        factors.z_bits};
  }
};

golden::Layer to_layer(const FullyConnected& layer) {
  golden::Layer result;
  result.name = layer.name;
  result.weights = std::visit(Exporter{layer.input_exponent}, layer.weights);
  result.bias = bias_integers(layer);
  if (layer.output_exponent)
    result.requantisation =
        golden::Requantisation::by_shift(layer.sum_exponent() - *layer.output_exponent);
  return result;
}

std::string exponents_text(const FullyConnected& layer) {
  if (const auto* dense = std::get_if<Dense>(&layer.weights))
    return fmt::format("{}", dense->w.exponent);
  const auto& factors = std::get<Factorised>(layer.weights);
  return fmt::format("{} {}", factors.u.exponent, factors.v.exponent);
}

/// Hands out the weight exponents of a network one by one, in the order of the weight matrices.
class ExponentReader {
 public:
  explicit ExponentReader(const golden::Network& network) {
    const auto found = network.metadata.find(kExponentsKey);
    recorded_ = found != network.metadata.end();
    if (recorded_) text_.str(found->second);
  }

  int next(int bits) {
    if (!recorded_) return bits - 1;
    int exponent = 0;
    if (!(text_ >> exponent)) refuse();
    return exponent;
  }

  void finish() {
    std::string rest;
    if (recorded_ && text_ >> rest) refuse();
  }

 private:
  [[noreturn]] void refuse() const {
    throw InputError(
        fmt::format("metadata \"{}\" of the network is \"{}\": expected one integer for "
                    "each weight matrix",
                    kExponentsKey, text_.str()));
  }

  std::istringstream text_;
  bool recorded_{};
};

template <typename Matrix>
at::Tensor to_tensor(const Matrix& integers, at::IntArrayRef shape, at::ScalarType type,
                     int exponent) {
  auto* data = const_cast<typename Matrix::Scalar*>(integers.data());  // only read
  return at::from_blob(data, shape, type)
      .to(at::kFloat)
      .mul_(std::ldexp(1.0, -exponent))
      .set_requires_grad(true);
}

Weights to_weights(const golden::MatrixS8& integers, int bits, ExponentReader& exponents) {
  const int exponent = exponents.next(bits);
  return {to_tensor(integers, {integers.rows(), integers.cols()}, at::kChar, exponent), bits,
          exponent};
}

FullyConnected to_fully_connected(const golden::Layer& layer, std::optional<int> shift,
                                  int input_exponent, ExponentReader& exponents) {
  FullyConnected result;
  result.name = layer.name;
  result.input_exponent = input_exponent;
  if (const auto* dense = std::get_if<golden::DenseWeights>(&layer.weights)) {
    result.weights = Dense{to_weights(dense->w, dense->w_bits, exponents)};
  } else {
    const auto& factors = std::get<golden::FactorisedWeights>(layer.weights);
    const Weights u = to_weights(factors.u, factors.u_bits, exponents);
    const Weights v = to_weights(factors.v, factors.v_bits, exponents);
    result.weights =
        Factorised{u, v, factors.z_bits, input_exponent + u.exponent - factors.z_shift};
  }
  result.bias = to_tensor(layer.bias, {layer.bias.size()}, at::kInt, result.sum_exponent());
  if (shift) result.output_exponent = result.sum_exponent() - *shift;
  return result;
}

}  // namespace

std::vector<std::optional<int>> plain_shifts(const golden::Network& network) {
  std::vector<std::optional<int>> shifts;
  for (const golden::Layer& layer : network.layers) {
    const bool is_last = &layer == &network.layers.back();
    if (layer.requantisation && (is_last || !layer.requantisation->is_plain())) {
      throw InputError(
          fmt::format("layer {}: its outputs are scaled by more than a shift, or stand at the end; "
                      "cfc-compress "
                      "takes networks with power-of-two scales that end in logits",
                      layer.name));
    }
    shifts.emplace_back();
    if (layer.requantisation) shifts.back() = layer.requantisation->shifts.front();
  }
  return shifts;
}

golden::Network to_network(const Model& model) {
  golden::Network network;
  std::string exponents;
  for (const FullyConnected& layer : model.layers) {
    network.layers.push_back(to_layer(layer));
    exponents += (exponents.empty() ? "" : " ") + exponents_text(layer);
  }
  network.metadata[kExponentsKey] = exponents;
  golden::validate(network);
  return network;
}

Model to_model(const golden::Network& network) {
  Model model;
  ExponentReader exponents(network);
  int exponent = kPixelExponent;
  const std::vector<std::optional<int>> shifts = plain_shifts(network);
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    model.layers.push_back(to_fully_connected(network.layers[i], shifts[i], exponent, exponents));
    exponent = model.layers.back().output_exponent.value_or(exponent);
  }
  exponents.finish();
  return model;
}

double output_scale(const Model& model, double unit) {
  return std::ldexp(unit, -model.layers.back().sum_exponent());
}

double output_unit(const golden::Network& network) {
  const double scale = exchange::output_quantisation(network).scale;
  return std::ldexp(scale, to_model(network).layers.back().sum_exponent());
}

namespace {

/// The model in doubles, which hold every sum of its integers exactly, however wide its layers are.
Model in_doubles(Model model) {
  for (FullyConnected& layer : model.layers) {
    layer.bias = layer.bias.to(at::kDouble);
    if (auto* dense = std::get_if<Dense>(&layer.weights)) {
      dense->w.value = dense->w.value.to(at::kDouble);
    } else {
      auto& factors = std::get<Factorised>(layer.weights);
      factors.u.value = factors.u.value.to(at::kDouble);
      factors.v.value = factors.v.value.to(at::kDouble);
    }
  }
  return model;
}

}  // namespace

golden::MatrixS32 integer_logits(const Model& model, const at::Tensor& images) {
  const at::NoGradGuard no_gradients;
  const int exponent = model.layers.back().sum_exponent();
  const at::Tensor logits = in_doubles(model)
                                .forward(images.to(at::kDouble), Arithmetic::integer)
                                .mul(std::ldexp(1.0, exponent))
                                .to(at::kInt)
                                .contiguous();
  return Eigen::Map<const golden::MatrixS32>(logits.data_ptr<std::int32_t>(), logits.size(0),
                                             logits.size(1));
}

}  // namespace cfc::compress
