#include "support/worker_processes.h"

#include <csignal>
#include <cstdlib>

#include <catch2/catch.hpp>

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
