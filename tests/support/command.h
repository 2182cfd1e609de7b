#pragma once

#include <string>
#include <vector>

namespace cfc::testing {

/// What a program did.
struct CommandResult {
  int status{};  ///< exit status, or 128 + the signal that ended it
  std::string output;
  std::string errors;
};

/// Runs a program to its end; its standard output and error are no terminals.
CommandResult run_command(const std::vector<std::string>& arguments);

}  // namespace cfc::testing
