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

TEST_CASE("a technology is a folder, found by its name") {
  const std::string folder = cfc::technology_folder("osu018");
  CHECK(std::filesystem::exists(std::filesystem::path(folder) / "memories.yaml"));
  CHECK(cfc::technology_folder(folder) == folder);
  CHECK_THROWS_WITH(cfc::technology_folder("nothing"),
                    Contains("nor a technology of that name; the names are") && Contains("osu018"));
}
