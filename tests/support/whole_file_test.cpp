#include "support/whole_file.h"

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::read_whole_file;
using cfc::testing::input_error;
using cfc::testing::read_file;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;
namespace fs = std::filesystem;

TEST_CASE("a file is read whole, up to its limit") {
  const TemporaryFolder folder;
  const auto file = folder / "file";
  for (const std::size_t size : {0, 1, (1 << 20) - 1, 1 << 20}) {
    const std::string bytes(size, 'x');
    write_file(file, bytes);
    CHECK(read_whole_file(file, "give a file", 1) == bytes);
  }
  write_file(file, std::string((1 << 20) + 1, 'x'));
  CHECK_THAT(input_error([&] { read_whole_file(file, "give a file", 1); }),
             Contains("file: is larger than 1 MiB; give a file"));
  CHECK_THAT(input_error([&] { read_whole_file("/dev/zero", "give a file", 1); }),
             Contains("/dev/zero: is larger"));
}

TEST_CASE("what cannot be read is refused") {
  const TemporaryFolder folder;
  for (const auto& file : {folder.path(), folder / "none"}) {
    CHECK_THAT(input_error([&] { read_whole_file(file, "give a file"); }),
               Contains(file.string() + ": cannot be opened; give a file"));
  }
}

TEST_CASE("kind 4, an output that is a link writes its target, with the mode that it had") {
  const TemporaryFolder folder;
  write_file(folder / "target", "old");
  fs::permissions(folder / "target", fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("target", folder / "link");
  fs::create_symlink("link", folder / "link of a link");
  cfc::write_whole_file(folder / "link of a link", "new");
  CHECK(read_file(folder / "target") == "new");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(fs::status(folder / "target").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
  fs::create_symlink("not there yet", folder / "dangling");
  cfc::write_whole_file(folder / "dangling", "made");
  CHECK(read_file(folder / "not there yet") == "made");
}

TEST_CASE("kind 18, leftovers: an output leaves nothing beside it, whole or not") {
  const TemporaryFolder folder;
  const auto names = [&] {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
      all.push_back(entry.path().filename());
    }
    return all;
  };
  {
    cfc::WholeFile unfinished(folder / "file");
    unfinished.write("half");
    CHECK(names().size() == 1);
  }
  CHECK(names().empty());
  cfc::check_writable(folder / "file");
  CHECK(names().empty());
  cfc::write_whole_file(folder / std::string(255, 'x'), "the longest name there is");
  CHECK(names() == std::vector<std::string>{std::string(255, 'x')});
}

TEST_CASE("what a process has open is written where it is") {
  const TemporaryFolder folder;
  const auto written = folder / "file";
  std::FILE* open_file = std::fopen(written.c_str(), "w");
  const fs::path open_name = "/proc/self/fd/" + std::to_string(fileno(open_file));
  struct stat before {};
  fstat(fileno(open_file), &before);
  cfc::write_whole_file(open_name, "text");
  std::fclose(open_file);
  struct stat after {};
  REQUIRE(stat(written.c_str(), &after) == 0);
  CHECK(after.st_ino == before.st_ino);
  CHECK(read_file(written) == "text");
}

TEST_CASE("kind 4, one file under two names is one file") {
  const TemporaryFolder folder;
  write_file(folder / "file", "");
  fs::create_hard_link(folder / "file", folder / "hard");
  fs::create_symlink("file", folder / "soft");
  fs::create_directory(folder / "inner");
  for (const fs::path& name :
       {folder / "file", folder / "hard", folder / "soft", folder / "inner" / ".." / "file"}) {
    INFO(name);
    CHECK(cfc::is_same_file(folder / "file", name));
  }
  CHECK_FALSE(cfc::is_same_file(folder / "file", folder / "other"));
  CHECK(cfc::is_same_file(folder / "new", folder / "inner/../new"));
  fs::create_symlink("new", folder / "to new");
  CHECK(cfc::is_same_file(folder / "new", folder / "to new"));
}
