#include "support/tool.h"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/error.h"
#include "support/whole_file.h"

namespace cfc {
namespace {

constexpr int kNotFound = 127;

std::string end_of(const std::filesystem::path& log) {
  constexpr std::size_t kShown = 2000;
  std::string text = read_whole_file(log, "it was just written");
  text.erase(text.find_last_not_of('\n') + 1);
  return text.size() <= kShown ? text : text.substr(text.size() - kShown);
}

}  // namespace

void run_tool(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    const int out = open(log.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0644);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execvp(argv.front(), argv.data());
    _exit(kNotFound);
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotFound) {
    throw InputError(fmt::format("{} cannot be run; install it", arguments.front()));
  }
  throw InputError(fmt::format("{} failed: {}", arguments.front(), end_of(log)));
}

std::string output_of(const std::vector<std::string>& arguments) {
  const std::filesystem::path log =
      std::filesystem::temp_directory_path() / fmt::format("cfcsim.{}.log", getpid());
  try {
    run_tool(arguments, log);
  } catch (...) {
    std::filesystem::remove(log);
    throw;
  }
  std::string text = read_whole_file(log, "it was just written");
  std::filesystem::remove(log);
  return text;
}

}  // namespace cfc
