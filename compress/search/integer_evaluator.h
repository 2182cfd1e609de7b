#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

#include "golden/dataset.h"
#include "golden/network.h"

namespace cfc::compress {

/// Accuracy of the many networks that differ from one dense integer network in the weights of one
/// layer. Computes what golden::infer computes, but faster: in float32 where no input can make a
/// sum inexact, else in float64, which holds all s32 sums exactly. May be used by several threads.
class IntegerEvaluator {
 public:
  /// Computes the inputs of every layer once. Throws InputError if a layer is factorised or the
  /// images do not fit.
  IntegerEvaluator(const golden::Network& network, const golden::Dataset& data);

  /// Accuracy of the network itself, 0 to 1.
  double accuracy() const;

  /// Accuracy with `w` (m x n) as the weights of layer `layer`, from 1.
  double accuracy_with(int layer, const golden::MatrixS32& w) const;

  /// Accuracies with the layer's weights replaced by the first k columns of U times the first k
  /// rows of V, k = 1 to the rank, with nothing rounded in between: one pass for all of them.
  std::vector<double> accuracies_of_prefixes(int layer, const golden::MatrixS8& u,
                                             const golden::MatrixS8& v) const;

 private:
  struct Layer {
    at::Tensor w;         ///< m x n, float32
    at::Tensor bias;      ///< n, float64
    int shift;            ///< of the activation
    at::ScalarType sums;  ///< float32 if that holds them exactly, else float64
    at::Tensor input;     ///< images x m, float32
  };

  at::Tensor activations(std::size_t index, const at::Tensor& products) const;
  at::Tensor logits_after(std::size_t index, at::Tensor products) const;
  double share_right(const at::Tensor& logits) const;

  std::vector<Layer> layers_;
  at::Tensor labels_;
};

}  // namespace cfc::compress
