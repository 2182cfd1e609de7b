#include "support/worker_processes.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <new>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/error.h"
#include "support/interrupt.h"

namespace cfc {
namespace {

using nlohmann::json;

/// A counter that parent and workers share.
class SharedCounter {
 public:
  SharedCounter() {
    void* page = mmap(nullptr, sizeof(std::atomic<std::uint64_t>), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
    value_ = new (page) std::atomic<std::uint64_t>(0);
  }
  ~SharedCounter() { munmap(value_, sizeof *value_); }
  SharedCounter(const SharedCounter&) = delete;
  SharedCounter& operator=(const SharedCounter&) = delete;

  std::atomic<std::uint64_t>& value() { return *value_; }

 private:
  std::atomic<std::uint64_t>* value_;
};

struct Worker {
  pid_t pid{};
  int pipe{};
  std::string output;
};

/// What a worker sends home: its result or the message of its exception. Text that came to us as
/// no UTF-8 is marked, not lost with all the rest.
std::string outcome_of(std::size_t index, const Work& work, std::atomic<std::uint64_t>& done) {
  json outcome;
  try {
    outcome["result"] = work(index, done);
  } catch (const InputError& error) {
    outcome["input_error"] = error.what();
  } catch (const std::bad_alloc&) {
    outcome["out_of_memory"] = true;
  } catch (const std::exception& error) {
    outcome["error"] = error.what();
  }
  return outcome.dump(-1, ' ', false, json::error_handler_t::replace);
}

void write_all(int file, const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t n = ::write(file, text.data() + written, text.size() - written);
    if (n < 0 && errno != EINTR) return;
    if (n > 0) written += static_cast<std::size_t>(n);
  }
}

/// In the child: does the work and ends, whatever happens; nothing returns to the parent's code.
[[noreturn]] void work_and_exit(pid_t parent, int pipe, std::size_t index, const Work& work,
                                std::atomic<std::uint64_t>& done) noexcept {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);  // it died before that
  write_all(pipe, outcome_of(index, work, done));
  close(pipe);
  _exit(0);
}

[[noreturn]] void refuse_more_processes(std::size_t count, int cause) {
  throw InputError(fmt::format("{} processes cannot be had ({}); give fewer --jobs", count,
                               std::strerror(cause)));
}

/// The workers of one call; those that are left when it ends before its time are killed.
class Workers {
 public:
  Workers(std::size_t count, const Work& work, std::atomic<std::uint64_t>& done) {
    try {
      for (std::size_t i = 0; i < count; ++i) start(count, work, done);
    } catch (...) {
      end_all();
      throw;
    }
  }
  ~Workers() { end_all(); }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  std::vector<Worker>& all() { return workers_; }

 private:
  void start(std::size_t count, const Work& work, std::atomic<std::uint64_t>& done) {
    int ends[2];
    if (pipe(ends) != 0) refuse_more_processes(count, errno);
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid == 0) {
      close(ends[0]);
      work_and_exit(parent, ends[1], workers_.size(), work, done);
    }
    const int cause = errno;
    close(ends[1]);
    workers_.push_back({pid, ends[0], {}});
    if (pid < 0) refuse_more_processes(count, cause);
  }

  void end_all() {
    for (Worker& worker : workers_) {
      if (worker.pipe >= 0) close(worker.pipe);
      if (worker.pid <= 0) continue;
      kill(worker.pid, SIGKILL);
      waitpid(worker.pid, nullptr, 0);
    }
  }

  std::vector<Worker> workers_;
};

/// Takes what has come through the pipe; closes it (and sets it to -1) at its end.
void drain(Worker& worker) {
  char buffer[1 << 16];
  const ssize_t n = ::read(worker.pipe, buffer, sizeof buffer);
  if (n > 0) {
    worker.output.append(buffer, static_cast<std::size_t>(n));
  } else if (n == 0 || errno != EINTR) {
    close(worker.pipe);
    worker.pipe = -1;
  }
}

bool has_output(const Worker& worker) {
  pollfd end{worker.pipe, POLLIN, 0};
  return worker.pipe >= 0 && poll(&end, 1, 0) > 0;
}

/// A signal to this process alone (`kill`, a job control system) reaches no worker by itself.
void pass_on_interrupt(const std::vector<Worker>& workers) {
  for (const Worker& worker : workers) {
    if (worker.pipe >= 0) kill(worker.pid, SIGTERM);
  }
}

/// The result of a worker that has closed its pipe; throws what it threw.
json result_of(Worker& worker) {
  int status = 0;
  while (waitpid(worker.pid, &status, 0) < 0 && errno == EINTR) {
  }
  worker.pid = 0;
  if (WIFSIGNALED(status)) {
    throw std::runtime_error(
        fmt::format("a worker process was killed by signal {}", WTERMSIG(status)));
  }
  json outcome = json::parse(worker.output);
  if (outcome.contains("input_error")) throw InputError(outcome["input_error"]);
  if (outcome.contains("out_of_memory")) throw std::bad_alloc();
  if (outcome.contains("error")) throw std::runtime_error(outcome["error"]);
  return std::move(outcome["result"]);
}

/// Waits until some pipe has something, or for the next look at the progress.
void wait_for_output(const std::vector<Worker>& workers) {
  constexpr int kRefreshMs = 200;
  std::vector<pollfd> open;
  for (const Worker& worker : workers) {
    if (worker.pipe >= 0) open.push_back({worker.pipe, POLLIN, 0});
  }
  poll(open.data(), open.size(), kRefreshMs);
}

/// All results, in order; throws at the first failure of a worker.
std::vector<json> collect(std::vector<Worker>& workers, const std::atomic<std::uint64_t>& done,
                          const ShowProgress& show_progress) {
  std::vector<json> results(workers.size());
  std::size_t finished = 0;
  bool passed_on = false;
  while (finished < workers.size()) {
    if (!passed_on && interrupted()) {
      pass_on_interrupt(workers);
      passed_on = true;
    }
    wait_for_output(workers);
    for (std::size_t i = 0; i < workers.size(); ++i) {
      if (!has_output(workers[i])) continue;
      drain(workers[i]);
      if (workers[i].pipe >= 0) continue;
      results[i] = result_of(workers[i]);
      ++finished;
    }
    show_progress(done);
  }
  return results;
}

}  // namespace

std::vector<json> run_in_processes(std::size_t count, const Work& work,
                                   const ShowProgress& show_progress) {
  SharedCounter done;
  Workers workers(count, work, done.value());
  return collect(workers.all(), done.value(), show_progress);
}

}  // namespace cfc
