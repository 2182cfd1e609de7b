// The file that `cfcsim export accesses` writes, and what it refuses.

#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::testing::CommandResult;
using cfc::testing::read_file;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;
using Arguments = std::vector<std::string>;

namespace {

const std::string kSource = CFCSIM_SOURCE_DIR "/";
const std::string kDense = kSource + "golden/models/mnist-784-50-100-10.onnx";

}  // namespace

TEST_CASE("a trace appears whole or not at all") {
  const TemporaryFolder folder;
  const std::string file = folder / "trace.csv";
  write_file(file, "before");
  const auto nothing_else = [&] {
    CHECK(read_file(file) == "before");
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
  };
  const std::string command = std::string(CFCSIM_BINARY) + " export accesses --data " +
                              CFCSIM_TEST_DATA + " --images 9000 -o " + file;
  const CommandResult full =
      cfc::testing::run_command({"/bin/bash", "-c", "ulimit -f 600; " + command});
  CHECK_THAT(cfc::testing::refusal_of(full),
             Contains("trace.csv: cannot be written (File too large)"));
  nothing_else();
  const CommandResult stopped = cfc::testing::run_command(
      {"/bin/bash", "-c",
       command + " --config " + kSource + "testbench/configs/narrow.yaml & until compgen -G '" +
           (folder / ".cfcsim.*.partial").string() +
           "' > /dev/null; do sleep 0.02; done; kill $!; wait $!"});
  CHECK(stopped.status == 130);
  CHECK_THAT(stopped.errors, Contains("interrupted") && Contains("is not written"));
  nothing_else();
}

TEST_CASE("export accesses refuses what it cannot use") {
  const TemporaryFolder folder;
  const auto refusal = [&](const Arguments& arguments) {
    Arguments command{CFCSIM_BINARY, "export", "accesses", "--data", CFCSIM_TEST_DATA};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const CommandResult result = cfc::testing::run_command(command);
    CHECK(result.status == 2);
    CHECK(std::filesystem::is_empty(folder.path()));
    return result.errors;
  };
  const std::string file = folder / "trace";
  CHECK_THAT(refusal({"-o", "/dev/full"}), Contains("/dev/full: cannot be written (No space"));
  CHECK_THAT(refusal({"-o", folder / "no" / "trace"}), Contains("No such file or directory"));
  CHECK_THAT(refusal({"-o", file, "--json", folder / "no/x"}), Contains("no/x: cannot be written"));
  CHECK_THAT(refusal({"-o", file, "--format", "vcd"}), Contains("--format"));
  CHECK_THAT(refusal({"-o", file, "--set", "defaults.lanes=3"}), Contains("unknown key"));
  CHECK_THAT(refusal({"-o", file, "--network", kDense, "--set", "layers.1.schedule=streaming"}),
             Contains("needs a factorised layer"));
  CHECK_THAT(refusal({}), Contains("--output"));
}
