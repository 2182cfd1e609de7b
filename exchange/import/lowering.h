#pragma once

#include <vector>

#include "exchange/import/chain.h"
#include "exchange/import/import.h"
#include "golden/network.h"

// Internal to the importer.

namespace cfc::exchange {

/// A network of the chain's integers; every scale must be there. `fits` gets one entry a layer,
/// zeros where sums leave as they are. Throws InputError, naming the node, where a weight needs
/// more than 8 bits, a bias more than 32, or a sum may overflow.
golden::Network lower(const Chain& chain, std::vector<LayerFit>& fits);

}  // namespace cfc::exchange
