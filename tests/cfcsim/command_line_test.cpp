// What every subcommand does with a bad command line, bad files and a full disk.

#include <catch2/catch.hpp>

#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::testing::refusal_of;
using cfc::testing::run_command;
using cfc::testing::TemporaryFolder;

namespace {

std::string refusal(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), CFCSIM_BINARY);
  CAPTURE(arguments);
  return refusal_of(run_command(arguments));
}

}  // namespace

TEST_CASE("bad usage is told in one line, with the help to look at") {
  CHECK(refusal({"foo"}) == "cfcsim: foo is no subcommand; see cfcsim --help\n");
  CHECK(refusal({"export", "foo"}) == "cfcsim: foo is no subcommand; see cfcsim export --help\n");
  CHECK(refusal({}) == "cfcsim: A subcommand is required; see cfcsim --help\n");
  CHECK_THAT(refusal({"verify", "--foo"}), Contains("--foo; see cfcsim verify --help"));
  CHECK_THAT(refusal({"verify", "--jobs", "0"}), Contains("--jobs: Value 0 not in range"));
}

TEST_CASE("a folder or an endless file is refused where a file should be") {
  const TemporaryFolder folder;
  const std::string here = folder.path();
  CHECK_THAT(refusal({"compare", "--energy-table", here}), Contains(here + ": cannot be opened"));
  CHECK_THAT(refusal({"platform", "--network", here}), Contains(here + ": cannot be opened"));
  CHECK_THAT(refusal({"platform", "--memory", here}), Contains(here + ": cannot be opened"));
  CHECK_THAT(refusal({"compare", "--synthesis", "streaming=/dev/zero"}),
             Contains("/dev/zero: is larger than 16 MiB; give what scripts/synth prints"));
}

TEST_CASE("output that is lost is an error") {
  const std::string options = " --images 1 --data " CFCSIM_TEST_DATA " ";
  for (const char* command : {"verify", "verify --json -", "compare", "trace -o"}) {
    const TemporaryFolder folder;
    const std::string folder_for_trace = command == std::string("trace -o") ? folder / "t" : "";
    const auto result = run_command(
        {"/bin/sh", "-c",
         CFCSIM_BINARY " " + (command + (' ' + folder_for_trace)) + options + "> /dev/full"});
    CAPTURE(command);
    CHECK_THAT(refusal_of(result), Contains("cfcsim: standard output cannot be written"));
  }
}
