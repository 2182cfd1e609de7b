#pragma once

#include <cstdint>

#include "explore/workload/workload.h"

namespace cfc::explore {

/// A network of the shapes of `machine`, that of a chain: weights and biases drawn at random from
/// the widths of the chain, so that no sum can overflow. What is computed with it means nothing;
/// cycles and accesses do not depend on values. The same seed gives the same network. Throws
/// InputError where a layer has more weights than can be held, or its z is too wide for its rank.
golden::Network random_network(const Workload& workload, const Chain& chain,
                               const Configuration& machine, std::uint64_t seed);

/// Throws InputError, naming the layer, where `random_network` would, or where the vectors of so
/// many inferences are more than can be held: to be asked before long work.
void check_fillable(const Workload& workload, std::uint64_t inferences);

/// As many input vectors, a row each.
golden::MatrixU8 random_vectors(std::uint64_t vectors, int elements, std::uint64_t seed);

}  // namespace cfc::explore
