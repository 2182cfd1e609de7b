// Grids of a sweep: every point of an accepted grid has settings, and axes do not repeat a value.

#include <algorithm>
#include <set>

#include "explore/sweep/grid.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace cfc;
  const fuzz::FuzzedFile file(bytes, size);
  explore::Grid grid;
  if (!fuzz::is_accepted([&] { grid = explore::read_grid(file.path()); })) return 0;
  fuzz::require(grid.points() > 0, "a grid has a point");
  std::set<std::string> keys;
  for (const explore::Axis& axis : grid.axes) {
    fuzz::require(keys.insert(axis.key).second, "an axis is given once");
    const std::set<std::string> values(axis.values.begin(), axis.values.end());
    fuzz::require(values.size() == axis.values.size(), "an axis has each value once");
  }
  const Settings base;
  explore::GridCursor cursor(grid, base);
  for (const std::uint64_t point : {std::uint64_t{0}, grid.points() / 2, grid.points() - 1}) {
    cursor.settings_at(point);
    fuzz::require(!cursor.assignments_at(point).empty(), "a point says what it sets");
  }
  return 0;
}
