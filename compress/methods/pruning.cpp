#include "compress/methods/pruning.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "support/error.h"

namespace cfc::compress {
namespace {

using golden::Index;
using golden::MatrixS8;
using Generator = std::mt19937_64;

const std::vector<std::pair<Pruning, std::string_view>> kNames = {
    {Pruning::random_by_layer, "random-by-layer"}, {Pruning::random_global, "random-global"},
    {Pruning::unstructured_l1, "unstructured-l1"}, {Pruning::structured_l1, "structured-l1"},
    {Pruning::structured_l2, "structured-l2"},
};

std::vector<MatrixS8*> weights_of(golden::Network& network) {
  std::vector<MatrixS8*> all;
  for (golden::Layer& layer : network.layers) {
    auto* dense = std::get_if<golden::DenseWeights>(&layer.weights);
    if (dense == nullptr)
      throw InputError(fmt::format(
          "layer {} is factorised: prune the dense network, then factorise", layer.name));
    all.push_back(&dense->w);
  }
  return all;
}

std::vector<Index> numbers_up_to(Index count) {
  std::vector<Index> numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), Index{0});
  return numbers;
}

/// `chosen` of the numbers below `count`, at random.
std::vector<Index> random_numbers(Index count, Index chosen, Generator& random) {
  std::vector<Index> numbers = numbers_up_to(count);
  std::shuffle(numbers.begin(), numbers.end(), random);
  numbers.resize(static_cast<std::size_t>(chosen));
  return numbers;
}

/// Positions of the `chosen` smallest of `norms`, the first among equals.
std::vector<Index> smallest(const std::vector<std::int64_t>& norms, Index chosen) {
  std::vector<Index> numbers = numbers_up_to(static_cast<Index>(norms.size()));
  std::stable_sort(numbers.begin(), numbers.end(), [&](Index a, Index b) {
    return norms[static_cast<std::size_t>(a)] < norms[static_cast<std::size_t>(b)];
  });
  numbers.resize(static_cast<std::size_t>(chosen));
  return numbers;
}

void prune_at_random(const std::vector<MatrixS8*>& matrices, double ratio, Generator& random) {
  for (MatrixS8* w : matrices)
    for (const Index i : random_numbers(w->size(), pruned_count(ratio, w->size()), random))
      w->data()[i] = 0;
}

void prune_globally(const std::vector<MatrixS8*>& matrices, double ratio, Generator& random) {
  std::vector<std::int8_t*> weights;
  for (MatrixS8* w : matrices)
    for (Index i = 0; i < w->size(); ++i) weights.push_back(w->data() + i);
  const auto count = static_cast<Index>(weights.size());
  for (const Index i : random_numbers(count, pruned_count(ratio, count), random))
    *weights[static_cast<std::size_t>(i)] = 0;
}

void prune_smallest(const std::vector<MatrixS8*>& matrices, double ratio) {
  for (MatrixS8* w : matrices) {
    std::vector<std::int64_t> magnitudes;
    for (Index i = 0; i < w->size(); ++i) magnitudes.push_back(std::abs(int{w->data()[i]}));
    for (const Index i : smallest(magnitudes, pruned_count(ratio, w->size()))) w->data()[i] = 0;
  }
}

/// `norm` gives the norm of a column of W, the weights into one node.
template <typename Norm>
void prune_nodes(std::vector<MatrixS8*> matrices, double ratio, Norm norm) {
  matrices.pop_back();
  for (MatrixS8* w : matrices) {
    std::vector<std::int64_t> norms;
    for (Index j = 0; j < w->cols(); ++j) norms.push_back(norm(w->col(j).cast<std::int64_t>()));
    for (const Index j : smallest(norms, pruned_count(ratio, w->cols()))) w->col(j).setZero();
  }
}

}  // namespace

const std::vector<Pruning>& all_prunings() {
  static const std::vector<Pruning> all = {Pruning::random_by_layer, Pruning::random_global,
                                           Pruning::unstructured_l1, Pruning::structured_l1,
                                           Pruning::structured_l2};
  return all;
}

std::string_view name_of(Pruning method) {
  return std::find_if(kNames.begin(), kNames.end(),
                      [&](const auto& entry) { return entry.first == method; })
      ->second;
}

Pruning parse_pruning(std::string_view name) {
  for (const auto& [method, known] : kNames)
    if (known == name) return method;
  throw InputError(fmt::format(
      "there is no pruning method \"{}\": choose random-by-layer, random-global, unstructured-l1, "
      "structured-l1 or structured-l2",
      name));
}

Index pruned_count(double ratio, Index count) {
  return static_cast<Index>(std::nearbyint(ratio * static_cast<double>(count)));
}

golden::Network prune(golden::Network network, Pruning method, double ratio, std::uint64_t seed) {
  if (!(ratio >= 0.0 && ratio < 1.0))
    throw InputError(fmt::format("pruning ratio {}: must be from 0 to below 1", ratio));
  const std::vector<MatrixS8*> matrices = weights_of(network);
  Generator random(seed);
  switch (method) {
    case Pruning::random_by_layer:
      prune_at_random(matrices, ratio, random);
      break;
    case Pruning::random_global:
      prune_globally(matrices, ratio, random);
      break;
    case Pruning::unstructured_l1:
      prune_smallest(matrices, ratio);
      break;
    case Pruning::structured_l1:
      prune_nodes(matrices, ratio, [](const auto& node) { return node.cwiseAbs().sum(); });
      break;
    case Pruning::structured_l2:
      prune_nodes(matrices, ratio, [](const auto& node) { return node.squaredNorm(); });
      break;
  }
  return network;
}

}  // namespace cfc::compress
