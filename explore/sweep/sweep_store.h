#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "explore/sweep/design.h"
#include "support/sqlite.h"

namespace cfc::explore {

/// A point of a sweep with what it came to.
struct EvaluatedPoint {
  const NetworkFacts* network{};
  Design design;
  std::optional<Figures> figures;  ///< empty: it failed, and `design.failure` says why
};

/// A database of sweeps that is only read.
class SweepSource {
 public:
  /// Reads all of it. Throws InputError unless it is whole and of this version of the schema.
  explicit SweepSource(std::filesystem::path file);

  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
};

/// The database of sweeps (docs/reference/sweep.md). Every call that SQLite refuses throws
/// InputError, and leaves what was stored as it was.
class SweepStore {
 public:
  /// Opens a database, or makes an empty one where no file is. Throws InputError if the file is
  /// something else, has another version of the schema, or is damaged.
  explicit SweepStore(const std::filesystem::path& file);

  void add_network(const NetworkFacts& network);

  /// The digests of all points that are there.
  std::unordered_set<std::string> digests();

  /// Adds points, all or none; those that are there already stay as they are.
  void add(const std::vector<EvaluatedPoint>& points, const SweepSetting& setting);

  /// Adds all that another database has, all or nothing. Returns how many points were new. Throws
  /// InputError if both have a point in different ways.
  std::uint64_t merge(const SweepSource& other);

  /// Records what the simulation of a point came to; no difference is "".
  void add_simulation(const std::string& digest, const std::string& difference);

  /// From now on the table `asked` of this connection holds these digests.
  void ask(const std::vector<std::string>& digests);

  Sqlite& database() { return database_; }

 private:
  void create_if_empty();
  void create();

  Sqlite database_;
  std::unique_ptr<Statement> insert_point_;
};

}  // namespace cfc::explore
