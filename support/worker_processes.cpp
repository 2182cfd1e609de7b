#include "support/worker_processes.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/error.h"

namespace cfc {
namespace {

using nlohmann::json;

volatile std::sig_atomic_t interrupt_seen = 0;

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

/// What a worker sends home: its result or the message of its exception.
json outcome_of(std::size_t index, const Work& work, std::atomic<std::uint64_t>& done) {
  try {
    return {{"result", work(index, done)}};
  } catch (const InputError& error) {
    return {{"input_error", error.what()}};
  } catch (const std::exception& error) {
    return {{"error", error.what()}};
  }
}

void write_all(int file, const std::string& text) {
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t n = ::write(file, text.data() + written, text.size() - written);
    if (n < 0 && errno != EINTR) return;
    if (n > 0) written += static_cast<std::size_t>(n);
  }
}

Worker start_worker(std::size_t index, const Work& work, std::atomic<std::uint64_t>& done) {
  int ends[2];
  if (pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  const pid_t pid = fork();
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid == 0) {
    close(ends[0]);
    write_all(ends[1], outcome_of(index, work, done).dump());
    close(ends[1]);
    _exit(0);
  }
  close(ends[1]);
  return {pid, ends[0], {}};
}

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

/// A signal to this process alone (`kill`, a job control system) reaches no worker by itself.
void pass_on_interrupt(const std::vector<Worker>& workers) {
  for (const Worker& worker : workers) {
    if (worker.pipe >= 0) kill(worker.pid, SIGTERM);
  }
}

void collect(std::vector<Worker>& workers, const std::atomic<std::uint64_t>& done,
             const ShowProgress& show_progress) {
  constexpr int kRefreshMs = 200;
  bool passed_on = false;
  for (;;) {
    if (!passed_on && interrupted()) {
      pass_on_interrupt(workers);
      passed_on = true;
    }
    std::vector<pollfd> open;
    for (const Worker& worker : workers) {
      if (worker.pipe >= 0) open.push_back({worker.pipe, POLLIN, 0});
    }
    if (open.empty()) return;
    poll(open.data(), open.size(), kRefreshMs);
    for (Worker& worker : workers) {
      for (const pollfd& ready : open) {
        if (ready.fd == worker.pipe && ready.revents != 0) drain(worker);
      }
    }
    show_progress(done);
  }
}

json result_of(Worker& worker) {
  int status = 0;
  while (waitpid(worker.pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) {
    throw std::runtime_error(
        fmt::format("a worker process was killed by signal {}", WTERMSIG(status)));
  }
  json outcome = json::parse(worker.output);
  if (outcome.contains("input_error")) throw InputError(outcome["input_error"]);
  if (outcome.contains("error")) throw std::runtime_error(outcome["error"]);
  return std::move(outcome["result"]);
}

}  // namespace

std::vector<json> run_in_processes(std::size_t count, const Work& work,
                                   const ShowProgress& show_progress) {
  SharedCounter done;
  std::vector<Worker> workers;
  for (std::size_t i = 0; i < count; ++i) workers.push_back(start_worker(i, work, done.value()));
  collect(workers, done.value(), show_progress);
  std::vector<json> results;
  std::exception_ptr failure;
  for (Worker& worker : workers) {
    try {
      results.push_back(result_of(worker));
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
  return results;
}

bool interrupted() { return interrupt_seen != 0; }

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupt_seen = 1; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

}  // namespace cfc
