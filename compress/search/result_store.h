#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compress/search/grid.h"
#include "support/sqlite.h"

namespace cfc::compress {

/// Points of a search in an SQLite file. What was added stays, whatever happens later: a unit is in
/// the file with all of its points, or not at all.
class ResultStore {
 public:
  using Manifest = std::map<std::string, std::string>;

  /// Opens the file. Throws InputError if it is no store of results.
  explicit ResultStore(const std::filesystem::path& file);

  /// Opens or makes the file for the search that `manifest` describes. Throws InputError if the
  /// file is no store, or if it belongs to a search of another manifest.
  ResultStore(const std::filesystem::path& file, const Manifest& manifest);

  bool has(const Unit& unit) const;
  /// All points of one unit; nothing if the store has it already. Throws InputError if they cannot
  /// be written, e.g. because the disk is full.
  void add(const std::vector<Point>& points);
  std::vector<Point> points() const;
  Manifest manifest() const;

 private:
  void write_manifest(const Manifest& manifest) const;

  std::unique_ptr<Sqlite> database_;
};

}  // namespace cfc::compress
