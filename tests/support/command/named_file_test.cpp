// Files that come with the project, by their names.

#include "support/command/named_file.h"

#include <filesystem>

#include <catch2/catch.hpp>

#include "support/error.h"

using Catch::Contains;

TEST_CASE("an energy table is found by its name, and other names are listed") {
  CHECK_THAT(cfc::energy_file("eyeriss"), Contains("explore/energy/eyeriss.yaml"));
  CHECK_THROWS_WITH(cfc::energy_file("nothing"),
                    Contains("nothing") && Contains("eyeriss, fakeram-45nm, horowitz-45nm"));
}

TEST_CASE("memory macros are found by their technology") {
  const std::string file = cfc::memories_file("osu018");
  CHECK_THAT(file, Contains("explore/technology/osu018/memories.yaml"));
  CHECK(std::filesystem::exists(file));
  CHECK(cfc::memories_file(file) == file);
  CHECK_THROWS_WITH(cfc::memories_file("nothing"),
                    Contains("nor a technology of that name; the names are") && Contains("osu018"));
}
