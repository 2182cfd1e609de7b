#pragma once

#include <string>
#include <vector>

#include "exchange/data/number_table.h"

namespace cfc::exchange {

/// The array called `key` of a .npz file, NumPy's zip archive of .npy files; without a key that of
/// an archive with one. `origin` names the file in messages. Throws InputError.
NumberTable parse_npz(const std::string& bytes, const std::string& key, const std::string& origin);

}  // namespace cfc::exchange
