#pragma once

#include <vector>

#include "exchange/import/chain.h"
#include "exchange/import/import.h"

// Internal to the importer.

namespace cfc::exchange {

/// Factors the weights of layers, W ~ U V, by singular values: to the ranks chosen or, where an
/// energy is, all others that this makes smaller; the notes say of which it does not. What `inputs`
/// (a row a vector) make of each input of a layer weighs its row of W, so that what is rarely used
/// may be wrong. Scales of inputs and outputs must be there. Throws InputError where a layer or
/// rank cannot be, or where a layer's integers are the source's.
void factorise(Chain& chain, const RankChoice& choice, const Numbers& inputs,
               std::vector<ImportNote>& notes);

}  // namespace cfc::exchange
