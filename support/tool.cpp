#include "support/tool.h"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/error.h"
#include "support/interrupt.h"
#include "support/temporary_folder.h"
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

/// In the child. A group of its own, so that an interrupt can end the tool with all that it has
/// started; and no tool outlives us.
[[noreturn]] void become(char* const* argv, const std::filesystem::path& log) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int out = open(log.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0644);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  execvp(argv[0], argv);
  _exit(kNotFound);
}

/// The status of a child, which is ended, with its group, if the user interrupts us.
int status_of(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    if (interrupted()) kill(-pid, SIGTERM);
  }
  return status;
}

}  // namespace

void run_tool(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t pid = fork();
  if (pid < 0) {
    throw InputError(fmt::format("{} cannot be started ({}); allow more processes or memory",
                                 arguments.front(), std::strerror(errno)));
  }
  if (pid == 0) become(argv.data(), log);
  setpgid(pid, pid);  // here, too: whichever of us comes first
  const int status = status_of(pid);
  throw_if_interrupted(arguments.front() + " was ended");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotFound) {
    throw InputError(fmt::format("{} cannot be run; install it", arguments.front()));
  }
  throw InputError(fmt::format("{} failed: {}", arguments.front(), end_of(log)));
}

std::string output_of(const std::vector<std::string>& arguments) {
  const TemporaryFolder folder;
  const std::filesystem::path log = folder / "log";
  run_tool(arguments, log);
  return read_whole_file(log, "it was just written");
}

}  // namespace cfc
