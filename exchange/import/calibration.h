#pragma once

#include <vector>

#include "exchange/import/chain.h"
#include "exchange/import/import.h"

// Internal to the importer.

namespace cfc::exchange {

/// What a chain computes, layer by layer, a row a vector: in real numbers but where the source
/// itself quantises.
std::vector<Numbers> real_outputs(const Chain& chain, const Numbers& inputs);

/// Gives the inputs, weights and outputs that have no scale one, from the values that `inputs` (a
/// row a vector) make.
void calibrate(Chain& chain, const Numbers& inputs, const ScaleOptions& options);

/// True where every scale is there already.
bool is_quantised(const Chain& chain);

/// Gives weights without a scale the finest with which all of them fit 8 bits.
void quantise_weights(Chain& chain, const ScaleOptions& options);

}  // namespace cfc::exchange
