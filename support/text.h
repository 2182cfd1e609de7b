#pragma once

#include <string>

namespace cfc {

/// `text` as a message can show it: short, in UTF-8, and without control characters.
std::string printable(const std::string& text);

/// As `check_utf8`; control characters, which could forge a line of a result, are refused, too. For
/// names and what is typed.
void check_plain(const std::string& text, const std::string& origin);

/// Throws InputError, which begins with `origin`, unless `text` is UTF-8. All text that enters, in
/// files and on command lines, passes here: results (JSON) can hold no other.
void check_utf8(const std::string& text, const std::string& origin);

}  // namespace cfc
