#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace cfc::testing {

/// What a program did.
struct CommandResult {
  int status{};  ///< exit status, or 128 + the signal that ended it
  std::string output;
  std::string errors;
};

/// Runs a program to its end; its standard output and error are no terminals.
CommandResult run_command(const std::vector<std::string>& arguments);

/// What a command that ended well wrote as JSON, and nothing else, on standard output;
/// std::logic_error, with all it said, if it did anything else.
nlohmann::json json_of(const CommandResult& result);

/// The line with which a command refused bad input: exit status 2, one line of errors, no output.
/// std::logic_error, with all it said, if it did anything else.
std::string refusal_of(const CommandResult& result);

}  // namespace cfc::testing
