#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "configuration/configuration_file.h"

namespace cfc::explore {

/// A configuration key and the values that a sweep gives it.
struct Axis {
  std::string key;                  ///< as `--set` names it, e.g. "layers.1.lanes_u"
  std::vector<std::string> values;  ///< at least one, each one that the key takes
  std::string origin;               ///< where it is given, for messages: "g.yaml:3: KEY"
};

/// The combinations that a sweep tries (docs/reference/sweep.md): every value of every axis on
/// every network and workload.
struct Grid {
  /// Both empty: the caller's choice. What is no file relative to the grid stands as it is written.
  std::vector<std::filesystem::path> networks;
  std::vector<std::filesystem::path> workloads;
  std::vector<Axis> axes;

  /// Points for one network or workload.
  std::uint64_t points() const;
};

/// Reads a grid. Throws InputError, naming file, line and key, on an unknown key, a value that its
/// key does not take, a range or a grid without values, and a grid of more than 10^8 points.
Grid read_grid(const std::filesystem::path& file);

/// Goes from point to point of a grid: neighbours, which differ in the last axes, share the work.
class GridCursor {
 public:
  /// `grid` must outlive the cursor; what it does not set is as in `base`.
  GridCursor(const Grid& grid, const Settings& base);

  /// The settings of a point below `grid.points()`; valid until the next call.
  const Settings& settings_at(std::uint64_t point);

  /// The values of the point, a line an axis, for one whose settings do not resolve.
  std::string assignments_at(std::uint64_t point) const;

 private:
  /// Which value of each axis the point has.
  std::vector<std::size_t> places_of(std::uint64_t point) const;

  const Grid& grid_;
  std::vector<std::size_t> places_;  ///< of the point visited last
  std::vector<Settings> settings_;   ///< [i]: the first i axes applied
};

}  // namespace cfc::explore
