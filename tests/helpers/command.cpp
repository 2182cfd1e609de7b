#include "tests/helpers/command.h"

#include <algorithm>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/helpers/temporary_folder.h"

namespace cfc::testing {

CommandResult run_command(const std::vector<std::string>& arguments) {
  const TemporaryFolder folder;
  const std::string output = folder / "output";
  const std::string errors = folder / "errors";
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  const pid_t pid = fork();
  if (pid == 0) {
    dup2(open(output.c_str(), O_CREAT | O_WRONLY, 0600), STDOUT_FILENO);
    dup2(open(errors.c_str(), O_CREAT | O_WRONLY, 0600), STDERR_FILENO);
    execv(argv.front(), argv.data());
    _exit(127);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(output),
          read_file(errors)};
}

nlohmann::json json_of(const CommandResult& result) {
  if (result.status == 0) return nlohmann::json::parse(result.output);
  throw std::logic_error(
      fmt::format("exit status {}: {}{}", result.status, result.output, result.errors));
}

std::string refusal_of(const CommandResult& result) {
  const auto lines = std::count(result.errors.begin(), result.errors.end(), '\n');
  if (result.status == 2 && lines == 1 && result.output.empty()) return result.errors;
  throw std::logic_error(fmt::format("not refused with one line: exit status {}, {}{}",
                                     result.status, result.output, result.errors));
}

}  // namespace cfc::testing
