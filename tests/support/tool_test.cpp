// Programs that we run.

#include "support/tool.h"

#include <csignal>
#include <cstdlib>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "support/interrupt.h"
#include "tests/helpers/child_process.h"
#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::output_of;
using cfc::testing::in_child;
using cfc::testing::input_error;
using cfc::testing::TemporaryFolder;

TEST_CASE("a tool's output is read, its failure shown") {
  CHECK(output_of({"echo", "all", "well"}) == "all well\n");
  CHECK_THAT(input_error([] {
               output_of({"sh", "-c", "echo bad wire; exit 4"});
             }),
             Contains("sh failed: bad wire"));
  CHECK_THAT(input_error([] { output_of({"no-such-tool"}); }),
             Contains("no-such-tool cannot be run; install it"));
}

TEST_CASE("kind 16, failure of a helper: a tool that cannot be started is an error") {
  const int status = in_child([] {
    if (!cfc::testing::forbid_processes()) return 2;
    const auto message = input_error([] { output_of({"true"}); });
    return message.find("true cannot be started") != std::string::npos ? 0 : 1;
  });
  CHECK(status == 0);
}

TEST_CASE("kind 19, whose fault: a TMPDIR in which nothing can be made is named") {
  const TemporaryFolder folder;
  const int status = in_child([&] {
    setenv("TMPDIR", (folder / "none").c_str(), 1);
    const auto message = input_error([] { output_of({"true"}); });
    return message.find("none: no folder can be made there") != std::string::npos ? 0 : 1;
  });
  CHECK(status == 0);
}

TEST_CASE("kind 6, orphans: an interrupt ends a tool with all that it has started") {
  const TemporaryFolder folder;
  const std::string script = "(sleep 30; echo late > " + (folder / "late").string() + ") & wait";
  const int status = in_child([&] {
    cfc::catch_interrupts();
    if (fork() == 0) {
      usleep(300'000);
      kill(getppid(), SIGINT);
      _exit(0);
    }
    try {
      output_of({"sh", "-c", script});
    } catch (const cfc::Interrupted&) {
      return 42;
    }
    return 1;
  });
  CHECK(status == 42);
  // `sleep` of the background shell is gone with its group.
  CHECK(std::system(("pgrep -f '" + folder.path().string() + "/[l]ate' > /dev/null").c_str()) != 0);
}
