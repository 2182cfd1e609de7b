#pragma once

#include <cstdint>

#include "explore/workload/workload.h"

namespace cfc::explore {

/// A network of the shapes of `machine`, that of a chain: weights and biases drawn at random from
/// the widths of the chain, so that no sum can overflow. What is computed with it means nothing;
/// cycles and accesses do not depend on values. The same seed gives the same network. Throws
/// InputError where a layer has more weights than can be held, or its widths are too wide for it.
golden::Network random_network(const Workload& workload, const Chain& chain,
                               const Configuration& machine, std::uint64_t seed);

/// As many input vectors, a row each.
golden::MatrixU8 random_vectors(std::uint64_t vectors, int elements, std::uint64_t seed);

}  // namespace cfc::explore
