#pragma once

#include <string>

#include "exchange/data/number_table.h"

namespace cfc::exchange {

/// The array in a .npy file of NumPy (version 1 to 3, C order, integers of 8 to 64 bits, booleans,
/// floats of 32 or 64 bits, little-endian). `origin` names the file in messages. Throws InputError.
NumberTable parse_npy(const std::string& bytes, const std::string& origin);

}  // namespace cfc::exchange
