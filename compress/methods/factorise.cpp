#include "compress/methods/factorise.h"

#include <algorithm>
#include <tuple>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/linalg_svd.h>
#include <fmt/format.h>

#include "support/error.h"

namespace cfc::compress {
namespace {

at::Tensor trainable(const at::Tensor& values) {
  return values.to(at::kFloat).contiguous().set_requires_grad(true);
}

void check_rank(std::int64_t rank, int layer, std::int64_t m, std::int64_t n) {
  const std::int64_t useful = largest_useful_rank(m, n);
  const std::string shape = fmt::format("layer {} ({} x {})", layer, m, n);
  const std::string advice =
      useful > 0 ? fmt::format("the largest useful rank is {}", useful) : "no rank compresses it";
  if (rank < 1) throw InputError(fmt::format("rank {} of {}: must be at least 1", rank, shape));
  if (rank > std::min(m, n))
    throw InputError(fmt::format("rank {} of {} is above min(m, n) = {}: {}", rank, shape,
                                 std::min(m, n), advice));
  if (rank > useful)
    throw InputError(fmt::format("rank {} of {} does not compress: {} weights instead of {}: {}",
                                 rank, shape, rank * (m + n), m * n, advice));
}

}  // namespace

std::int64_t largest_useful_rank(std::int64_t m, std::int64_t n) { return (m * n - 1) / (m + n); }

void check(const Factorisation& wanted, const Model& model) {
  const auto layers = static_cast<int>(model.layers.size());
  if (wanted.layer < 1 || wanted.layer > layers)
    throw InputError(
        fmt::format("there is no layer {}: the network has layers 1 to {}", wanted.layer, layers));
  const FullyConnected& layer = model.layers[static_cast<std::size_t>(wanted.layer) - 1];
  const auto* dense = std::get_if<Dense>(&layer.weights);
  if (dense == nullptr)
    throw InputError(
        fmt::format("layer {} is factorised already: start from the dense network", wanted.layer));
  check_rank(wanted.rank, wanted.layer, dense->w.value.size(0), dense->w.value.size(1));
}

void factorise(Model& model, const Factorisation& wanted) {
  check(wanted, model);
  const at::NoGradGuard no_gradients;
  FullyConnected& layer = model.layers[static_cast<std::size_t>(wanted.layer) - 1];
  const Weights& w = std::get<Dense>(layer.weights).w;

  // Double precision: the factors must not depend on how a BLAS orders its float32 sums.
  const auto [u, s, v] = at::linalg_svd(w.as(Arithmetic::integer).to(at::kDouble), false);
  const at::Tensor root = s.slice(0, 0, wanted.rank).sqrt();
  Factorised factors;
  factors.u = {trainable(u.slice(1, 0, wanted.rank) * root), w.bits};
  factors.v = {trainable(root.unsqueeze(1) * v.slice(0, 0, wanted.rank)), w.bits};
  factors.z_bits = wanted.z_bits;
  layer.weights = factors;
}

}  // namespace cfc::compress
