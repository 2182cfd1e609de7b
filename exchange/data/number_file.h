#pragma once

#include <filesystem>
#include <string>

#include "exchange/data/number_table.h"

namespace cfc::exchange {

/// The file that a name of numbers means: X.npy, X.csv, or X.npz, of which `X.npz:key` names one
/// array.
std::filesystem::path file_of_numbers(const std::string& name);

/// Its numbers. Throws InputError.
NumberTable read_numbers(const std::string& name);

}  // namespace cfc::exchange
