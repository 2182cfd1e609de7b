#pragma once

#include <string>

#include "exchange/data/number_table.h"

namespace cfc::exchange {

/// The numbers of X.npy, X.csv, or of an array in an archive, X.npz:KEY. Throws InputError.
NumberTable read_numbers(const std::string& name);

}  // namespace cfc::exchange
