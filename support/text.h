#pragma once

#include <string>

namespace cfc {

/// `text` as a message can show it: short, and without control characters.
std::string printable(const std::string& text);

}  // namespace cfc
