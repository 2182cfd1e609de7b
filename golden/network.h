#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <Eigen/Core>

#include "golden/requantisation.h"

namespace cfc::golden {

using Index = Eigen::Index;
using MatrixU8 = Eigen::Matrix<std::uint8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using MatrixS8 = Eigen::Matrix<std::int8_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using MatrixS32 = Eigen::Matrix<std::int32_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using VectorS32 = Eigen::Matrix<std::int32_t, Eigen::Dynamic, 1>;

/// The class of an input vector, from 0.
using Label = std::uint16_t;

/// Weights of a plain FC layer, y = W^T x (Fig. 6a).
struct DenseWeights {
  MatrixS8 w;     ///< m x n
  int w_bits{8};  ///< 2 to 8: every weight fits this signed width, and a memory stores it so
};

/// Weights of a compressed FC layer, W ~ U V (Fig. 6b).
struct FactorisedWeights {
  MatrixS8 u;     ///< m x r
  MatrixS8 v;     ///< r x n
  int u_bits{8};  ///< 2 to 8
  int v_bits{8};  ///< 2 to 8
  int z_shift{};  ///< 0 to 30: z_k = requantise(U[:,k] . x, z_shift) ...
  int z_bits{};   ///< 2 to 24: ... to this signed width, that of the DCL -> DIL bus
};

/// One FC layer with what follows it. Input u8. Output: u8 activations where `requantisation` is
/// set, else the s32 sums.
struct Layer {
  std::string name;  ///< unique in its network, e.g. "fc1"
  std::variant<DenseWeights, FactorisedWeights> weights;
  VectorS32 bias;  ///< n, added to y before the requantisation
  std::optional<Requantisation>
      requantisation;  ///< set in every layer but the last, and maybe there

  Index inputs() const;               ///< m
  Index outputs() const;              ///< n
  std::optional<Index> rank() const;  ///< r of a factorised layer
  bool is_factorised() const { return std::holds_alternative<FactorisedWeights>(weights); }
};

/// A chain of FC layers, and what is known of where it comes from.
struct Network {
  std::vector<Layer> layers;
  std::map<std::string, std::string> metadata;  ///< recipe, seed, accuracy: ONNX metadata_props

  Index inputs() const { return layers.front().inputs(); }
  Index outputs() const { return layers.back().outputs(); }
};

/// Throws InputError unless the network can be computed exactly: at least one layer, shapes that
/// chain, rank at most min(m, n), weights within their recorded widths, shifts and widths in range,
/// a requantisation after every layer but the last, and accumulators that no input can overflow.
void validate(const Network& network);

/// The largest magnitudes that the sums of a layer can reach, whatever its inputs are.
struct LargestSums {
  std::int64_t z{};  ///< U^T x, before it is rounded; 0 of a layer without factors
  std::int64_t y{};  ///< with the bias
};
LargestSums largest_sums(const Layer& layer);

/// True where `dense` has the shapes of `network`, layer by layer, and no factors.
bool is_dense_twin(const Network& dense, const Network& network);

/// What the metadata records under `key`, an accuracy or another share of 1; nothing where it does
/// not. Throws InputError where that is no number from 0 to 1.
std::optional<double> recorded_share(const Network& network, const std::string& key);

/// Number of weights, biases not counted.
Index weight_count(const Layer& layer);

}  // namespace cfc::golden
