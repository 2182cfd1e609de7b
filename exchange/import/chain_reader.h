#pragma once

#include <vector>

#include "exchange/import/chain.h"
#include "exchange/import/import.h"
#include "exchange/import/source_model.h"

// Internal to the importer.

namespace cfc::exchange {

/// Takes a model apart into layers, node by node, and says in `notes` what became of each. Throws
/// InputError, naming the node, where it is no chain of fully connected layers.
Chain read_chain(const SourceModel& model, std::vector<ImportNote>& notes);

}  // namespace cfc::exchange
