#pragma once

#include <cstdint>
#include <vector>

#include "golden/network.h"

namespace cfc {

/// The weights of a matrix as a memory holds them: row after row.
std::vector<std::int8_t> by_rows(const golden::MatrixS8& matrix);

/// Column after column.
std::vector<std::int8_t> by_columns(const golden::MatrixS8& matrix);

}  // namespace cfc
