#pragma once

#include <vector>

#include "golden/network.h"

namespace cfc::explore {

/// Bits of an element of each memory whose width the network decides; 0 where a layer has no such
/// memory.
struct LayerWidths {
  int weights_bits{};  ///< W of a dense layer
  int u_bits{};
  int v_bits{};
  int z_bits{};
  int output_bits{};  ///< 8 for activations, 32 for logits
};

/// The widths of each layer of a network.
std::vector<LayerWidths> widths_of(const golden::Network& network);

}  // namespace cfc::explore
