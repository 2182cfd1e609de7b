#pragma once

#include <filesystem>
#include <string>

namespace cfc::golden {

/// Writes a file that appears whole or not at all: beside its place first, then moved there. What
/// is no regular file (a device, a pipe) is written where it is. Throws InputError if it cannot.
void write_whole_file(const std::filesystem::path& file, const std::string& bytes);

}  // namespace cfc::golden
