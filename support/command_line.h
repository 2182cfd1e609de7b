#pragma once

#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

namespace cfc {

/// The subcommand that was asked for, however deep; the program itself where none was.
inline const CLI::App* asked_for(const CLI::App* app) {
  const auto chosen = app->get_subcommands();
  return chosen.empty() ? app : asked_for(chosen.front());
}

/// What is wrong with a command line: one line, with the help to look at.
inline std::string usage_error(const CLI::App* program, const CLI::Error& error) {
  const CLI::App* command = asked_for(program);
  std::string path = command->get_name();
  for (const CLI::App* app = command->get_parent(); app; app = app->get_parent()) {
    path.insert(0, app->get_name() + ' ');
  }
  std::string what = error.what();
  const auto unknown = command->remaining();
  // CLI11 misses the subcommand before it looks at the word in its place.
  if (what == "A subcommand is required" && !unknown.empty()) {
    what = unknown.front() + " is no subcommand";
  }
  return program->get_name() + ": " + what + "; see " + path + " --help\n";
}

/// Whether all that was printed on standard output has got there.
inline bool standard_output_is_whole() {
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

constexpr const char* kOutputLost = "standard output cannot be written; what it lacks is lost";

}  // namespace cfc
