#include "support/command/command_line.h"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <limits>
#include <new>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "support/error.h"
#include "support/exit_status.h"
#include "support/interrupt.h"
#include "support/keyed_file.h"
#include "support/numbers.h"
#include "support/text.h"
#include "support/whole_file.h"

namespace cfc {
namespace {

using Check = std::string (*)(const std::string& value);

template <typename Integer>
std::string whole_number(const std::string& value) {
  using Limits = std::numeric_limits<Integer>;
  parse_integer<Integer>(value, Limits::min(), Limits::max());
  return {};
}

std::string real_number(const std::string& value) {
  using Limits = std::numeric_limits<double>;
  parse_real(value, Limits::lowest(), Limits::max());
  return {};
}

std::string text(const std::string& value) {
  if (value.empty()) throw ValueError("an empty value means nothing here; give one");
  check_plain(value, "the value");
  return {};
}

/// By the name that CLI11 has for the type that an option is read into.
Check check_for(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  if (type.rfind("INT", 0) == 0) return whole_number<std::int64_t>;
  if (type.rfind("UINT", 0) == 0) return whole_number<std::uint64_t>;
  if (type.rfind("FLOAT", 0) == 0) return real_number;
  return text;
}

/// As CLI11 wants it: no exception, but what is wrong.
CLI::Validator validator(Check check) {
  return {[check](const std::string& value) -> std::string {
            try {
              return check(value);
            } catch (const std::runtime_error& error) {
              return error.what();
            }
          },
          ""};
}

/// A file that a command line names, and the option that does.
struct NamedFile {
  std::string option;
  std::filesystem::path file;
};

std::string file_in(const std::string& value, const std::string& role) {
  if (role == kNamedInput) return value.substr(value.find('=') + 1);
  return role == kKeyedInput ? parse_keyed_file(value).file.string() : value;
}

std::vector<NamedFile> files_of(const CLI::App& command, const std::vector<std::string>& roles) {
  std::vector<NamedFile> files;
  for (const CLI::Option* option : command.get_options()) {
    const std::string role = option->get_type_name();
    if (std::none_of(roles.begin(), roles.end(), [&](const auto& each) { return each == role; })) {
      continue;
    }
    std::vector<std::string> values = option->results();
    if (values.empty() && !option->get_default_str().empty()) {
      values = {option->get_default_str()};
    }
    for (const std::string& value : values) {
      files.push_back({option->get_name(), file_in(value, role)});
    }
  }
  return files;
}

/// What may be named twice without harm: it keeps nothing.
bool is_device(const std::filesystem::path& file) {
  std::error_code none;
  return std::filesystem::is_character_file(file, none);
}

void check_apart(const NamedFile& output, const std::vector<NamedFile>& others) {
  for (const NamedFile& other : others) {
    if (is_device(output.file) || !is_same_file(output.file, other.file)) continue;
    throw InputError(fmt::format("{}: {} would overwrite what is there for {}; give another file",
                                 output.file.string(), output.option, other.option));
  }
}

void check_files(const CLI::App& command) {
  std::vector<NamedFile> known = files_of(command, {kInput, kNamedInput, kKeyedInput});
  for (const NamedFile& output : files_of(command, {kDatabase, kOutputFolder, kOutput})) {
    check_apart(output, known);
    known.push_back(output);
  }
  for (const NamedFile& output : files_of(command, {kOutput})) {
    if (output.file != "-") check_writable(output.file);
  }
}

/// The subcommand that was asked for, however deep; the program itself where none was.
const CLI::App* asked_for(const CLI::App* app) {
  const auto chosen = app->get_subcommands();
  return chosen.empty() ? app : asked_for(chosen.front());
}

}  // namespace

void apply_rules(CLI::App& program) {
  for (CLI::Option* option : program.get_options()) {
    if (option->get_items_expected_max() > 0) option->check(validator(check_for(*option)));
  }
  program.parse_complete_callback([&program] { check_files(program); });
  for (CLI::App* command : program.get_subcommands({})) apply_rules(*command);
}

void refuse_to_destroy(const std::filesystem::path& output, const std::string& option,
                       const std::vector<std::filesystem::path>& inputs) {
  for (const auto& input : inputs) check_apart({option, output}, {{"the run to read", input}});
}

std::string usage_error(const CLI::App* program, const CLI::Error& error) {
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

namespace {

constexpr const char* kOutputLost = "standard output cannot be written; what it lacks is lost";
/// What is too large is what the user asked for.
constexpr const char* kOutOfMemory =
    "there is not enough memory for this; give fewer --images or --jobs, or a smaller network";

/// Whether all that was printed on standard output has got there.
bool standard_output_is_whole() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

int complain(const std::string& program, const std::string& what, ExitStatus status) {
  std::fprintf(stderr, "%s: %s\n", program.c_str(), what.c_str());
  return status;
}

/// Where printing is what failed, the exception says less than that.
int complain_unless_lost(const std::string& program, const std::string& what, ExitStatus status) {
  return standard_output_is_whole() ? complain(program, what, status)
                                    : complain(program, kOutputLost, kExitBadInput);
}

}  // namespace

int exit_status_of(const std::string& program, const std::function<int()>& run) {
  std::signal(SIGXFSZ, SIG_IGN);
  catch_interrupts();
  try {
    const int status = run();
    return standard_output_is_whole() ? status : complain(program, kOutputLost, kExitBadInput);
  } catch (const InputError& error) {
    return complain(program, error.what(), kExitBadInput);
  } catch (const Interrupted& error) {
    return complain(program, error.what(), kExitInterrupted);
  } catch (const std::system_error& error) {  // what the machine cannot give: threads, files
    return complain_unless_lost(program, error.what(), kExitBadInput);
  } catch (const std::bad_alloc&) {
    return complain(program, kOutOfMemory, kExitBadInput);
  } catch (const std::exception& error) {
    return complain_unless_lost(
        program, fmt::format("{} (this is a fault of {})", error.what(), program), kExitFault);
  }
}

}  // namespace cfc
