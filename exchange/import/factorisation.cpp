#include "exchange/import/factorisation.h"

#include <algorithm>
#include <cmath>

#include <Eigen/SVD>
#include <fmt/format.h>

#include "exchange/import/calibration.h"
#include "golden/compression.h"
#include "support/error.h"

namespace cfc::exchange {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kLargestWeight = 127;
constexpr int kMostZBits = 16;
constexpr int kSumBits = 31;

/// How large each input of a layer is, as the root of its mean square; never quite 0.
VectorXd sizes_of(const Numbers& values) {
  const VectorXd sizes = (values.array().square().colwise().mean()).sqrt().matrix().transpose();
  const double least = std::max(sizes.maxCoeff() * 1e-3, 1e-12);
  return sizes.cwiseMax(least);
}

Numbers integers_of(const MatrixXd& factor, double& scale) {
  const double largest = factor.cwiseAbs().maxCoeff();
  scale = largest > 0 ? largest / kLargestWeight : 1;
  return (factor / scale).array().round();
}

/// Bits of z whose products with V certainly fit the sums.
int z_bits_for(int rank) {
  int bits_of_rank = 0;
  while (1 << bits_of_rank < rank) ++bits_of_rank;
  return std::min(kMostZBits, kSumBits - 8 - bits_of_rank);
}

/// The least shift that brings all of z into its width.
int z_shift_for(const Numbers& z, int z_bits) {
  const double largest = std::ldexp(1.0, z_bits - 1) - 1;
  int shift = 0;
  while (shift + z_bits < kSumBits && std::ldexp(z.cwiseAbs().maxCoeff(), -shift) > largest)
    ++shift;
  return shift;
}

/// The singular values of a layer's weights, each row weighed by the size of its input.
struct WeighedWeights {
  WeighedWeights(const MatrixXd& weights, const Numbers& values)
      : sizes(sizes_of(values)),
        svd(sizes.asDiagonal() * weights, Eigen::ComputeThinU | Eigen::ComputeThinV) {}

  VectorXd sizes;
  Eigen::BDCSVD<MatrixXd> svd;
};

/// The least rank whose singular values have the share `energy` of all squares.
int rank_with(double energy, const VectorXd& singular_values) {
  const double wanted = energy * singular_values.squaredNorm();
  double kept = 0;
  int rank = 0;
  while (rank < singular_values.size() && (rank == 0 || kept < wanted)) {
    kept += singular_values[rank] * singular_values[rank];
    ++rank;
  }
  return rank;
}

Factors factors_of(const WeighedWeights& weighed, int rank, const Numbers& bytes) {
  const auto& [sizes, svd] = weighed;
  const VectorXd roots = svd.singularValues().head(rank).cwiseSqrt();
  const MatrixXd u =
      sizes.cwiseInverse().asDiagonal() * svd.matrixU().leftCols(rank) * roots.asDiagonal();
  const MatrixXd v = roots.asDiagonal() * svd.matrixV().leftCols(rank).transpose();
  Factors factors;
  factors.u = integers_of(u, factors.u_scale);
  factors.v = integers_of(v, factors.v_scale);
  factors.z_bits = z_bits_for(rank);
  factors.z_shift = z_shift_for(bytes * factors.u, factors.z_bits);
  return factors;
}

/// Integers that are the source's, which factors would not keep.
bool has_own_integers(const SourceLayer& layer) {
  return layer.grid || layer.shift || (layer.output && !layer.output->is_chosen);
}

bool saves_weights(const SourceLayer& layer, int rank) {
  return golden::weights_removed(rank, layer.weights.rows(), layer.weights.cols()) > 0;
}

void check(const Chain& chain, int number, int rank) {
  const auto count = static_cast<int>(chain.layers.size());
  if (number < 1 || number > count) {
    throw InputError(fmt::format("--factorise {}:{}: layers are 1 to {}", number, rank, count));
  }
  const SourceLayer& layer = chain.layers[static_cast<std::size_t>(number) - 1];
  const auto largest = static_cast<int>(std::min(layer.weights.rows(), layer.weights.cols()));
  if (rank < 1 || rank > largest) {
    throw InputError(
        fmt::format("--factorise {}:{}: the rank of that layer is 1 to {}", number, rank, largest));
  }
  if (has_own_integers(layer)) {
    throw InputError(
        fmt::format("--factorise {}:{}: {} has integers of its own, which factors would "
                    "not keep; factor a model in floats",
                    number, rank, layer.node));
  }
}

std::optional<int> rank_asked(const RankChoice& choice, std::size_t place) {
  const auto asked = choice.ranks.find(static_cast<int>(place) + 1);
  if (asked == choice.ranks.end()) return {};
  return asked->second;
}

/// The rank that keeps so much energy; none, and a note, where it would save no weights.
std::optional<int> useful_rank(const SourceLayer& layer, const WeighedWeights& weighed,
                               double energy, std::vector<ImportNote>& notes) {
  const int rank = rank_with(energy, weighed.svd.singularValues());
  if (saves_weights(layer, rank)) return rank;
  notes.push_back({layer.node, fmt::format("stays as it is: rank {} would keep {:.1f} % of the "
                                           "energy, but save no weights",
                                           rank, 100 * energy)});
  return {};
}

/// The integers that stand for values at a quantiser.
Numbers bytes_of(const Numbers& values, const Quantiser& quantiser) {
  return values.unaryExpr(
      [&](double value) -> double { return quantiser.integer(value / quantiser.scales.front()); });
}

}  // namespace

void factorise(Chain& chain, const RankChoice& choice, const Numbers& inputs,
               std::vector<ImportNote>& notes) {
  for (const auto& [number, rank] : choice.ranks) check(chain, number, rank);
  const std::vector<Numbers> outputs = real_outputs(chain, inputs);
  for (std::size_t place = 0; place < chain.layers.size(); ++place) {
    SourceLayer& layer = chain.layers[place];
    const std::optional<int> asked = rank_asked(choice, place);
    if (!asked && (!choice.energy || has_own_integers(layer))) continue;
    const Numbers& values = place == 0 ? inputs : outputs[place - 1];
    const WeighedWeights weighed(layer.weights, values);
    const std::optional<int> rank =
        asked ? asked : useful_rank(layer, weighed, *choice.energy, notes);
    if (!rank) continue;
    const Quantiser& quantiser = place == 0 ? *chain.input : *chain.layers[place - 1].output;
    layer.factors = factors_of(weighed, *rank, bytes_of(values, quantiser));
  }
}

}  // namespace cfc::exchange
