// `cfcsim export rtl` as a user runs it; tests/rtl_ref runs what it writes.

#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::testing::refusal_of;
using cfc::testing::run_command;
using cfc::testing::TemporaryFolder;

namespace {

/// With `setting` in the environment.
cfc::testing::CommandResult export_rtl(const std::string& setting, std::vector<std::string> more) {
  more.insert(more.begin(), {"/usr/bin/env", setting, CFCSIM_BINARY, "export", "rtl", "--data",
                             CFCSIM_TEST_DATA});
  return run_command(more);
}

}  // namespace

TEST_CASE("an export is described for programs") {
  const TemporaryFolder folder;
  const auto result = export_rtl("A=b", {"-o", folder / "rtl", "--json", "-"});
  CHECK(result.status == 0);
  const auto document = nlohmann::json::parse(result.output);
  CHECK(document["schema"] == "cfcsim.rtl/1");
  CHECK(document["images"] == 3);
  CHECK(document["config"]["layers"]["1"]["lanes_u"] == 784);
  for (const std::string file : document["files"]) {
    CHECK(std::filesystem::exists(folder / "rtl" / file));
  }
}

TEST_CASE("an export without RTL, or without its JSON, is none") {
  const TemporaryFolder folder;
  CHECK_THAT(refusal_of(export_rtl("CFCSIM_RTL=" + folder.path().string(), {"-o", folder / "rtl"})),
             Contains("holds no RTL"));
  CHECK_THAT(refusal_of(export_rtl("A=b", {"-o", folder / "rtl", "--json", folder / "none/x"})),
             Contains("none/x: cannot be written"));
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("kind 18, leftovers: a folder may be named with a slash, and appears whole") {
  const TemporaryFolder folder;
  const std::string named = (folder / "inner/rtl").string() + '/';
  CHECK(export_rtl("A=b", {"-o", named, "--json", folder / "x.json"}).status == 0);
  CHECK(std::filesystem::exists(folder / "inner/rtl/accelerator.v"));
  for (const auto& entry : std::filesystem::directory_iterator(folder / "inner")) {
    CHECK(entry.path().filename() == "rtl");
  }
  CHECK_THAT(refusal_of(export_rtl("A=b", {"-o", named})), Contains("is there already"));
}
