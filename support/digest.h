#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace cfc {

/// SHA-256 in hexadecimal.
std::string sha256_of_text(std::string_view text);

/// SHA-256 of a file's bytes in hexadecimal. Throws InputError if it cannot be read.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace cfc
