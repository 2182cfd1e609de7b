#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "golden/network.h"

namespace cfc::compress {

/// How to choose the weights that become 0 (section 2.3 of the paper).
enum class Pruning {
  random_by_layer,  ///< weights at random, the same share of every layer
  random_global,    ///< weights at random, out of the whole network
  unstructured_l1,  ///< the smallest weights of every layer
  structured_l1,    ///< the hidden nodes whose weights have the smallest sum of magnitudes
  structured_l2,    ///< the hidden nodes whose weights have the smallest sum of squares
};

/// All five, in the paper's order.
const std::vector<Pruning>& all_prunings();

/// "random-by-layer", "random-global", "unstructured-l1", "structured-l1", "structured-l2".
std::string_view name_of(Pruning method);

/// Throws InputError for any other name than those of `name_of`.
Pruning parse_pruning(std::string_view name);

/// How many of `count` things a ratio removes: ratio * count, rounded half to even.
golden::Index pruned_count(double ratio, golden::Index count);

/// Sets `pruned_count` weights of a dense network to 0; shapes, biases and shifts stay. A
/// structured method removes all weights into a node; it spares the last layer, whose nodes are the
/// classes. Among equals the first goes. Only the random methods use `seed`. Throws InputError if
/// the ratio is not from 0 to below 1, or if a layer is factorised.
golden::Network prune(golden::Network network, Pruning method, double ratio, std::uint64_t seed);

}  // namespace cfc::compress
