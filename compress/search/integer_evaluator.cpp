#include "compress/search/integer_evaluator.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros.h>
#include <Eigen/Core>
#include <fmt/format.h>

#include "compress/network/conversion.h"
#include "compress/network/samples.h"
#include "support/error.h"

namespace cfc::compress {
namespace {

constexpr double kLargestInput = 255.0;
constexpr double kExactInFloat = 16777216.0;  // 2^24

/// View of a matrix that outlives it, as floats. libtorch has no tensor of constants.
template <typename Matrix>
at::Tensor to_floats(const Matrix& matrix, at::ScalarType type) {
  auto* data = const_cast<typename Matrix::Scalar*>(matrix.data());
  return at::from_blob(data, {matrix.rows(), matrix.cols()}, type).to(at::kFloat);
}

/// float32 if it holds all sums of u8 inputs times `w`, with bias and rounding, exactly; else
/// float64.
at::ScalarType type_of_sums(const at::Tensor& w, const at::Tensor& bias, int shift) {
  const at::Tensor largest =
      w.to(at::kDouble).abs().sum(0) * kLargestInput + bias.abs() + std::ldexp(1.0, shift);
  return largest.max().item<double>() < kExactInFloat ? at::kFloat : at::kDouble;
}

template <typename Scalar>
at::Tensor multiply(const at::Tensor& a, const at::Tensor& b) {
  using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto matrix = [](const at::Tensor& tensor) {
    return Eigen::Map<Matrix>(tensor.data_ptr<Scalar>(), tensor.size(0), tensor.size(1));
  };
  at::Tensor result = at::empty({a.size(0), b.size(1)}, a.scalar_type());
  matrix(result).noalias() = matrix(a) * matrix(b);
  return result;
}

/// By Eigen, since libtorch leaves products to a BLAS that threads may not be able to share:
/// OpenBLAS without threads can lend two of them the same buffer.
at::Tensor product(const at::Tensor& input, const at::Tensor& w, at::ScalarType sums) {
  const auto multiply_sums = sums == at::kFloat ? multiply<float> : multiply<double>;
  return multiply_sums(input.to(sums).contiguous(), w.to(sums).contiguous());
}

}  // namespace

IntegerEvaluator::IntegerEvaluator(const golden::Network& network, const golden::Dataset& data) {
  if (data.images.cols() != network.inputs())
    throw InputError(fmt::format("the network takes {} inputs, but the images have {} pixels",
                                 network.inputs(), data.images.cols()));
  const at::NoGradGuard no_gradients;
  labels_ = to_classes(data.labels);
  at::Tensor input = to_floats(data.images, at::kByte);
  const std::vector<std::optional<int>> shifts = plain_shifts(network);
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const golden::Layer& layer = network.layers[i];
    const auto* dense = std::get_if<golden::DenseWeights>(&layer.weights);
    if (dense == nullptr) throw InputError(fmt::format("layer {} is factorised", layer.name));
    const at::Tensor w = to_floats(dense->w, at::kChar);
    const at::Tensor bias = to_floats(layer.bias, at::kInt).to(at::kDouble).flatten();
    const int shift = shifts[i].value_or(0);
    layers_.push_back({w, bias, shift, type_of_sums(w, bias, shift), input});
    if (shifts[i]) {
      const Layer& added = layers_.back();
      input = activations(i, product(input, w, added.sums));
    }
  }
}

at::Tensor IntegerEvaluator::activations(std::size_t index, const at::Tensor& products) const {
  const Layer& layer = layers_[index];
  const double rounding = layer.shift > 0 ? std::ldexp(1.0, layer.shift - 1) : 0.0;
  return (products + (layer.bias + rounding).to(products.scalar_type()))
      .mul_(std::ldexp(1.0, -layer.shift))
      .floor_()
      .clamp_(0.0, kLargestInput)
      .to(at::kFloat);
}

at::Tensor IntegerEvaluator::logits_after(std::size_t index, at::Tensor products) const {
  for (; index + 1 < layers_.size(); ++index) {
    const Layer& next = layers_[index + 1];
    products = product(activations(index, products), next.w, next.sums);
  }
  return products + layers_[index].bias.to(products.scalar_type());
}

double IntegerEvaluator::share_right(const at::Tensor& logits) const {
  return logits.argmax(1).eq(labels_).to(at::kDouble).mean().item<double>();
}

double IntegerEvaluator::accuracy() const {
  const at::NoGradGuard no_gradients;
  const Layer& last = layers_.back();
  return share_right(logits_after(layers_.size() - 1, product(last.input, last.w, last.sums)));
}

double IntegerEvaluator::accuracy_with(int layer, const golden::MatrixS32& w) const {
  const at::NoGradGuard no_gradients;
  const auto index = static_cast<std::size_t>(layer) - 1;
  const Layer& replaced = layers_.at(index);
  const at::Tensor weights = to_floats(w, at::kInt);
  const at::ScalarType sums = type_of_sums(weights, replaced.bias, replaced.shift);
  return share_right(logits_after(index, product(replaced.input, weights, sums)));
}

std::vector<double> IntegerEvaluator::accuracies_of_prefixes(int layer, const golden::MatrixS8& u,
                                                             const golden::MatrixS8& v) const {
  const at::NoGradGuard no_gradients;
  const auto index = static_cast<std::size_t>(layer) - 1;
  const Layer& replaced = layers_.at(index);
  // z by columns, so that each is read in one go. In float64: partial sums need more than 24 bits.
  const at::Tensor z =
      product(replaced.input, to_floats(u, at::kChar), at::kDouble).t().contiguous();
  const at::Tensor rows = to_floats(v, at::kChar).to(at::kDouble);
  at::Tensor sums = at::zeros({replaced.input.size(0), rows.size(1)}, at::kDouble);
  std::vector<double> accuracies;
  for (std::int64_t k = 0; k < rows.size(0); ++k) {
    sums.addr_(z[k], rows[k]);
    accuracies.push_back(share_right(logits_after(index, sums)));
  }
  return accuracies;
}

}  // namespace cfc::compress
