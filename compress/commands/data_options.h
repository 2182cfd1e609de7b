#pragma once

#include <filesystem>

#include <CLI/CLI.hpp>

#include "compress/network/data_source.h"

namespace cfc::compress {

/// Adds --data, a folder of four files in the format of MNIST, to a command that takes nothing
/// else. Returns the option.
CLI::Option* add_folder(CLI::App& command, std::filesystem::path& folder);

/// Adds a folder, or vectors in files, to learn from or to be evaluated on. Returns the option that
/// names the vectors.
CLI::Option* add_source(CLI::App& command, DataSource& source);

/// The same for a command that holds some of the vectors out.
void add_split_source(CLI::App& command, DataSource& source);

}  // namespace cfc::compress
