#include "support/worker_processes.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/error.h"

using cfc::run_in_processes;
using nlohmann::json;

namespace {

void ignore(std::uint64_t) {}

}  // namespace

TEST_CASE("results come back in order, and progress adds up") {
  std::uint64_t seen = 0;
  const auto results = run_in_processes(
      5,
      [](std::size_t index, std::atomic<std::uint64_t>& done) -> json {
        done += 10;
        return {{"index", index}, {"long", std::string(200'000, 'x')}};
      },
      [&](std::uint64_t done) { seen = done; });
  REQUIRE(results.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    REQUIRE(results[i]["index"] == i);
    REQUIRE(results[i]["long"].get<std::string>().size() == 200'000);
  }
  REQUIRE(seen == 50);
}

TEST_CASE("exceptions of a worker arrive with their kind and message") {
  const auto bad_input = [](std::size_t, std::atomic<std::uint64_t>&) -> json {
    throw cfc::InputError("a key is wrong");
  };
  REQUIRE_THROWS_AS(run_in_processes(2, bad_input, ignore), cfc::InputError);
  REQUIRE_THROWS_WITH(run_in_processes(1, bad_input, ignore), "a key is wrong");
  const auto failure = [](std::size_t index, std::atomic<std::uint64_t>&) -> json {
    if (index == 1) throw std::runtime_error("it hangs");
    return 1;
  };
  REQUIRE_THROWS_WITH(run_in_processes(3, failure, ignore), "it hangs");
}

TEST_CASE("a worker that dies is an error") {
  const auto dies = [](std::size_t, std::atomic<std::uint64_t>&) -> json {
    std::raise(SIGKILL);
    return 1;
  };
  REQUIRE_THROWS_WITH(run_in_processes(1, dies, ignore), Catch::Contains("killed by signal 9"));
}

TEST_CASE("kind 6, orphans: a worker that dies is reported while others still work") {
  const auto started = std::chrono::steady_clock::now();
  const auto dies = [](std::size_t index, std::atomic<std::uint64_t>&) -> json {
    if (index == 1) std::raise(SIGKILL);
    sleep(60);
    return 1;
  };
  REQUIRE_THROWS_WITH(run_in_processes(3, dies, ignore), Catch::Contains("killed by signal 9"));
  REQUIRE(std::chrono::steady_clock::now() - started < std::chrono::seconds(30));
}

TEST_CASE("kind 5, text that is not UTF-8 in a worker's result does not lose the rest") {
  const auto work = [](std::size_t, std::atomic<std::uint64_t>&) -> json {
    return {{"name", "caf\xE9"}, {"images", 9000}};
  };
  const json result = run_in_processes(1, work, ignore).front();
  CHECK(result["name"] == "caf\uFFFD");
  CHECK(result["images"] == 9000);
}

namespace {

constexpr int kDeaths[] = {SIGKILL, SIGHUP, SIGQUIT, SIGTERM};

/// Whether a process is at work; a zombie is not.
bool is_alive(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string number, name, state;
  return (stat >> number >> name >> state) && state != "Z";
}

/// Starts a parent of two workers that would sleep for long, and returns it with its workers.
std::vector<pid_t> parent_and_workers() {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t parent = fork();
  if (parent == 0) {
    for (const int signal : kDeaths) std::signal(signal, SIG_DFL);  // Catch has its own
    const auto work = [&](std::size_t, std::atomic<std::uint64_t>&) -> json {
      const pid_t self = getpid();
      if (write(ends[1], &self, sizeof self) < 0) return 0;
      sleep(60);
      return 1;
    };
    run_in_processes(2, work, ignore);
    _exit(0);
  }
  std::vector<pid_t> all{parent, 0, 0};
  REQUIRE(read(ends[0], &all[1], sizeof(pid_t)) == sizeof(pid_t));
  REQUIRE(read(ends[0], &all[2], sizeof(pid_t)) == sizeof(pid_t));
  close(ends[0]);
  close(ends[1]);
  return all;
}

}  // namespace

TEST_CASE("kind 6, orphans: workers end with their parent, however it dies") {
  for (const int signal : kDeaths) {
    const auto all = parent_and_workers();
    REQUIRE((is_alive(all[1]) && is_alive(all[2])));
    kill(all[0], signal);
    waitpid(all[0], nullptr, 0);
    for (int wait = 0; wait < 100 && (is_alive(all[1]) || is_alive(all[2])); ++wait) usleep(50'000);
    INFO("signal " << signal);
    CHECK_FALSE(is_alive(all[1]));
    CHECK_FALSE(is_alive(all[2]));
  }
}

TEST_CASE("kind 6, orphans: where not all workers can be started, none goes on") {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit few{16, 16};  // pipes run out after some workers
    setrlimit(RLIMIT_NOFILE, &few);
    const auto work = [](std::size_t, std::atomic<std::uint64_t>&) -> json {
      sleep(60);
      return 1;
    };
    try {
      run_in_processes(64, work, ignore);
    } catch (const cfc::InputError& error) {
      const bool is_named = std::string(error.what()).find("64 processes cannot be had") == 0;
      _exit(is_named && waitpid(-1, nullptr, WNOHANG) < 0 ? 42 : 1);  // no child is left
    }
    _exit(2);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WEXITSTATUS(status) == 42);
}
