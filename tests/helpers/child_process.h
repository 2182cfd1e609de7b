#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cfc::testing {

/// The exit status of what `action` returns in a process of its own.
template <typename Action>
int in_child(const Action& action) {
  const pid_t pid = fork();
  if (pid == 0) _exit(action());
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// This process can start no others and no threads from now on. False where that cannot be had.
inline bool forbid_processes() {
  constexpr int kNobody = 65534;  // root may start any number
  if (geteuid() == 0 && (setgid(kNobody) != 0 || setuid(kNobody) != 0)) return false;
  const rlimit none{0, 0};
  return setrlimit(RLIMIT_NPROC, &none) == 0;
}

}  // namespace cfc::testing
