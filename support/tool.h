#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cfc {

/// Runs a program; its output goes to `log`. Throws InputError, with the end of the log, if it is
/// missing or fails; Interrupted, when it and all it started have been
/// ended, if the user interrupts.
void run_tool(const std::vector<std::string>& arguments, const std::filesystem::path& log);

/// What a program prints, with its errors. Throws as `run_tool` does.
std::string output_of(const std::vector<std::string>& arguments);

}  // namespace cfc
