#pragma once

#include <optional>
#include <vector>

#include "golden/network.h"

namespace cfc::golden {

/// What one layer makes of a batch, a row an image.
struct LayerResult {
  std::optional<MatrixS32> z;  ///< images x r, of a factorised layer
  MatrixS32 output;            ///< images x n: u8 activations, or s32 logits of the last layer
};

struct InferenceResult {
  std::vector<LayerResult> layers;
  std::vector<int> classes;  ///< argmax of the logits, lowest index at a tie

  const MatrixS32& logits() const { return layers.back().output; }
};

/// Computes the whole network on `images` (images x m, raw pixels) with Eigen. Every intermediate
/// is exact. Throws InputError where the image size is not the network's input size.
InferenceResult infer(const Network& network, const MatrixU8& images);

/// Index of the largest of `count` logits; the lowest wins a tie.
int argmax(const std::int32_t* logits, Index count);

/// Share of `classes` equal to `labels`, 0 to 1.
double accuracy(const std::vector<int>& classes, const std::vector<Label>& labels);

}  // namespace cfc::golden
