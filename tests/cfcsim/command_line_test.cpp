// What every subcommand does with a bad command line, bad files and a full disk.

#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::testing::read_file;
using cfc::testing::refusal_of;
using cfc::testing::run_command;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;

namespace {

const std::string kModels = CFCSIM_SOURCE_DIR "/golden/models/";

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

TEST_CASE(
    "kind 4, an output that destroys an input: refused by every subcommand, before any work") {
  const TemporaryFolder folder;
  const std::string network = folder / "network.onnx";
  std::filesystem::copy_file(kModels + "mnist-784-50-100-10-r30.onnx", network);
  const std::string before = read_file(network);
  std::filesystem::create_symlink("network.onnx", folder / "link.json");
  const std::string link = folder / "link.json";
  for (const std::vector<std::string>& command : {std::vector<std::string>{"verify"},
                                                  {"compare"},
                                                  {"lockstep"},
                                                  {"platform"},
                                                  {"trace", "-o", folder / "t"}}) {
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(),
                     {"--data", CFCSIM_TEST_DATA, "--network", network, "--json", link});
    CHECK_THAT(refusal(arguments),
               Contains("link.json: --json would overwrite what is there for --network"));
  }
  write_file(folder / "grid.yaml", "axes: {defaults.lanes_u: [8]}\nnetworks: [network.onnx]\n");
  CHECK_THAT(
      refusal({"sweep", folder / "grid.yaml", "--db", folder / "db", "--csv", folder / "db"}),
      Contains("would overwrite what is there for --"));
  CHECK_THAT(refusal({"sweep", folder / "grid.yaml", "--db", folder / "db", "--json",
                      folder / "grid.yaml"}),
             Contains("--json would overwrite what is there for grid"));
  CHECK_THAT(refusal({"sweep", folder / "grid.yaml", "--db", folder / "db", "--json", network}),
             Contains("--json would overwrite"));
  const std::string labels = folder / "t10k-labels-idx1-ubyte";
  std::filesystem::copy_file(CFCSIM_TEST_DATA "/t10k-labels-idx1-ubyte", labels);
  std::filesystem::create_symlink(CFCSIM_TEST_DATA "/t10k-images-idx3-ubyte",
                                  folder / "t10k-images-idx3-ubyte");
  CHECK_THAT(refusal({"verify", "--data", folder.path(), "--split", "test", "--json", labels}),
             Contains("--json would overwrite"));
  CHECK(std::filesystem::file_size(labels) == 8 + 10'000);
  CHECK(read_file(network) == before);
  CHECK_FALSE(std::filesystem::exists(folder / "db"));
}

TEST_CASE("kind 17, too late: an output that cannot be written is refused before the work") {
  const TemporaryFolder folder;
  // A run over all images would take seconds, and leave its marks on a terminal.
  CHECK_THAT(refusal({"verify", "--data", "/none", "--json", folder / "none/x"}),
             Contains("none/x: cannot be written"));
  CHECK_THAT(refusal({"report", "--compare", folder / "none.json", "-o", folder / "none/x.html"}),
             Contains("x.html: cannot be written"));
}

TEST_CASE(
    "kind 19, whose fault: bad input is exit status 2 where standard error is full or closed") {
  for (const char* place : {"2>/dev/full", "2>&-"}) {
    const auto result = run_command(
        {"/bin/sh", "-c", std::string(CFCSIM_BINARY " verify --network /none ") + place});
    CHECK(result.status == 2);
  }
}

TEST_CASE("kind 19, whose fault: too little memory is what the user asked for") {
  // Room to start, but not for the images of the data set.
  const auto result = run_command({"/bin/sh", "-c",
                                   "ulimit -v 120000; exec " CFCSIM_BINARY
                                   " verify --split train --data " CFCSIM_TEST_DATA});
  CHECK_THAT(refusal_of(result), Contains("there is not enough memory for this"));
}

TEST_CASE("kind 18, leftovers: an interrupted trace leaves no file behind") {
  const TemporaryFolder folder;
  const auto result =
      run_command({"/bin/sh", "-c",
                   CFCSIM_BINARY " trace --images 500 --depth 3 --data " CFCSIM_TEST_DATA " -o " +
                       (folder / "t").string() +
                       " & pid=$!; while kill -0 $pid && [ -z \"$(find '" + folder.path().string() +
                       "' -size +100k)\" ]; do sleep 0.05; done; kill -TERM $pid; wait $pid"});
  CHECK(result.status == 130);
  CHECK_THAT(result.errors, Contains("interrupted: no waveform was written"));
  CHECK(std::filesystem::is_empty(folder / "t"));
}
