#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cfc {

/// Runs a program; its output goes to `log`. Throws InputError, with the end of the log, if it is
/// missing or fails.
void run_tool(const std::vector<std::string>& arguments, const std::filesystem::path& log);

}  // namespace cfc
