#pragma once

// What all our command lines have in common.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace cfc {

/// Whom an option's file serves; `type_name` of the option. Help shows it, and `apply_rules` goes
/// by it.
constexpr const char* kInput = "FILE";
constexpr const char* kNamedInput = "NAME=FILE";   ///< the file stands behind the sign
constexpr const char* kKeyedInput = "FILE[:KEY]";  ///< X.npz:KEY names an array of an archive
constexpr const char* kInputFolder = "FOLDER";
constexpr const char* kOutput = "OUTPUT";         ///< a file to be written; - is standard output
constexpr const char* kDatabase = "DATABASE";     ///< read and written
constexpr const char* kOutputFolder = "OUTPUTS";  ///< a folder to be made or filled

/// To be called once all options of a program are there: from then on, in it and its subcommands,
/// - no option takes an empty value or one that is not UTF-8, and numbers are read as
///   `parse_integer` and `parse_real` read them;
/// - before a subcommand works, parsing throws InputError where a file that it is to write is also
///   one that it reads or writes for another of its options, by whatever name or link, or cannot be
///   written.
void apply_rules(CLI::App& program);

/// Throws InputError where `output`, which `option` is to write, is a file that is read.
void refuse_to_destroy(const std::filesystem::path& output, const std::string& option,
                       const std::vector<std::filesystem::path>& inputs);

/// What is wrong with a command line: one line, with the help to look at.
std::string usage_error(const CLI::App* program, const CLI::Error& error);

/// Runs a program to its exit status (docs/reference/results.md): what `run` returns, or what the
/// exception that it throws comes to, with one line on standard error that begins with `program`.
/// The status is the same where standard error is full or closed. From here on interrupts are
/// caught, and a file that may not grow is an error of its write.
int exit_status_of(const std::string& program, const std::function<int()>& run);

}  // namespace cfc
