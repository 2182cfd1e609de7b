#pragma once

#include <string>

#include "exchange/data/number_table.h"

namespace cfc::exchange {

/// Numbers in decimal, a vector a line, separated by commas. Of kind `integer` where all are whole.
/// Throws InputError, naming the line, on a header, text, or lines of different length.
NumberTable parse_csv(const std::string& text, const std::string& origin);

}  // namespace cfc::exchange
