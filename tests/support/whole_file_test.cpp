#include "support/whole_file.h"

#include <catch2/catch.hpp>

#include "tests/helpers/temporary_folder.h"

using Catch::Contains;
using cfc::read_whole_file;
using cfc::testing::input_error;
using cfc::testing::TemporaryFolder;
using cfc::testing::write_file;

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
