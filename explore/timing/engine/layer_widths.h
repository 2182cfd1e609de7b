#pragma once

#include <vector>

#include "golden/network.h"

namespace cfc::explore {

constexpr int kActivationBits = 8;
constexpr int kSumBits = 32;  ///< running sums and logits

/// Bits of an element of each memory whose width the network decides; 0 where a layer cannot have
/// such a memory.
struct LayerWidths {
  int weights_bits{};  ///< W; of a factorised layer the uncompressed one, which counts as wide as U
  int u_bits{};
  int v_bits{};
  int z_bits{};
  int output_bits{};  ///< kActivationBits, or kSumBits for logits
};

/// The widths of each layer of a network.
std::vector<LayerWidths> widths_of(const golden::Network& network);

}  // namespace cfc::explore
