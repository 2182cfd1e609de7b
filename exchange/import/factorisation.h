#pragma once

#include <map>

#include "exchange/import/chain.h"

// Internal to the importer.

namespace cfc::exchange {

/// Factors the weights of some layers, W ~ U V, by singular values; `ranks` is by layer, from 1.
/// What `inputs` (a row a vector) make of each input of a layer weighs its row of W, so that what
/// is rarely used may be wrong. Scales of inputs and outputs must be there. Throws InputError where
/// a layer or rank cannot be, or where a layer's integers are the source's.
void factorise(Chain& chain, const std::map<int, int>& ranks, const Numbers& inputs);

}  // namespace cfc::exchange
