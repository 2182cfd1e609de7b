// What all our command lines have in common.

#include "support/command/command_line.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::testing::input_error;
using cfc::testing::read_file;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;
namespace fs = std::filesystem;

namespace {

/// A program with one subcommand that has an option of every sort.
struct Program {
  CLI::App app{"Of the tests", "program"};
  std::optional<std::int64_t> images;
  std::uint64_t bandwidth{7};
  double rate{1.5};
  std::string name{"none"};
  fs::path network;
  std::string synthesis;
  fs::path json, csv, database;
  bool has_run{false};

  Program() {
    CLI::App* run = app.add_subcommand("run");
    run->add_option("--images", images);
    run->add_option("--bandwidth", bandwidth);
    run->add_option("--rate", rate);
    run->add_option("--name", name);
    run->add_option("--network", network)->type_name(cfc::kInput);
    run->add_option("--synthesis", synthesis)->type_name(cfc::kNamedInput);
    run->add_option("--json", json)->type_name(cfc::kOutput);
    run->add_option("--csv", csv)->type_name(cfc::kOutput);
    run->add_option("--db", database)->type_name(cfc::kDatabase);
    run->callback([this] { has_run = true; });
    cfc::apply_rules(app);
  }
};

/// What is wrong with these options of `run`; "" where nothing is.
std::string complaint(std::vector<std::string> options) {
  Program program;
  options.insert(options.begin(), "run");
  try {
    program.app.parse(std::vector<std::string>(options.rbegin(), options.rend()));
    return "";
  } catch (const CLI::ParseError& error) {
    CHECK_FALSE(program.has_run);
    return error.what();
  } catch (const cfc::InputError& error) {
    CHECK_FALSE(program.has_run);
    return error.what();
  }
}

}  // namespace

TEST_CASE("kind 7, one number with two readings: options are decimal and in range, or refused") {
  CHECK(complaint({"--images", "10", "--bandwidth", "18446744073709551615", "--rate", "1e3"}) ==
        "");
  CHECK_THAT(complaint({"--images", "010"}), Contains("'010' is not a whole number"));
  CHECK_THAT(complaint({"--images", "0x10"}), Contains("is not a whole number"));
  CHECK_THAT(complaint({"--images", ""}),
             Contains("--images") && Contains("is not a whole number"));
  CHECK_THAT(complaint({"--bandwidth", "-5"}), Contains("'-5' is not a whole number from 0"));
  CHECK_THAT(complaint({"--bandwidth", "18446744073709551616"}), Contains("is not a whole number"));
  CHECK_THAT(complaint({"--rate", "nan"}), Contains("is not a decimal number"));
  CHECK_THAT(complaint({"--rate", "inf"}), Contains("is not a decimal number"));
}

TEST_CASE("kind 5, text that is not UTF-8, or not there, is no value of an option") {
  CHECK_THAT(complaint({"--name", "caf\xE9"}), Contains("--name") && Contains("is not UTF-8"));
  CHECK_THAT(complaint({"--network", "caf\xE9.onnx"}), Contains("is not UTF-8"));
  CHECK_THAT(complaint({"--name", "n\n9000 images, 0 mismatches"}),
             Contains("'n?9000 images, 0 mismatches' has control characters"));
  CHECK_THAT(complaint({"--name", ""}), Contains("an empty value means nothing"));
  CHECK_THAT(complaint({"--json", ""}), Contains("an empty value means nothing"));
}

TEST_CASE("kind 4, an output that destroys an input, a database or another output is refused") {
  const TemporaryFolder folder;
  const std::string network = folder / "network.onnx";
  write_file(network, "weights");
  fs::create_symlink("network.onnx", folder / "soft");
  fs::create_hard_link(network, folder / "hard");
  for (const std::string& other : {network, (folder / "soft").string(), (folder / "hard").string(),
                                   (folder / "." / "network.onnx").string()}) {
    INFO(other);
    CHECK_THAT(complaint({"--network", network, "--json", other}),
               Contains(other + ": --json would overwrite what is there for --network"));
    CHECK_THAT(complaint({"--network", other, "--db", network}), Contains("--db would overwrite"));
  }
  const std::string same = folder / "same";
  CHECK_THAT(complaint({"--csv", same, "--json", same}), Contains("would overwrite"));
  CHECK_THAT(complaint({"--db", same, "--json", same}), Contains("--db would overwrite"));
  CHECK_THAT(complaint({"--csv", "-", "--json", "-"}), Contains("would overwrite"));
  CHECK(complaint({"--network", network, "--json", folder / "a", "--csv", folder / "b"}) == "");
  CHECK(complaint({"--json", "/dev/null", "--csv", "/dev/null"}) == "");
  const std::string odd = folder / "a=network.onnx";  // a name may have any sign
  CHECK(complaint({"--network", network, "--json", odd}) == "");
  CHECK_THAT(complaint({"--synthesis", "dense=" + network, "--json", network}),
             Contains("for --synthesis"));
  CHECK(read_file(network) == "weights");
}

TEST_CASE("kind 17, too late: an output that cannot be written is refused before the work") {
  const TemporaryFolder folder;
  CHECK_THAT(complaint({"--json", folder / "none" / "x.json"}),
             Contains("x.json: cannot be written (No such file or directory)"));
  CHECK_THAT(complaint({"--csv", folder.path()}), Contains("cannot be written (Is a directory)"));
  CHECK(complaint({"--json", folder / "x.json"}) == "");
  CHECK_FALSE(fs::exists(folder / "x.json"));
}
