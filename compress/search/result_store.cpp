#include "compress/search/result_store.h"

#include <fmt/format.h>

#include "support/error.h"

namespace cfc::compress {

namespace {

constexpr const char* kSchema = R"(
  CREATE TABLE IF NOT EXISTS manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS points (
    dropout_location INTEGER, dropout_probability REAL, pruning_ratio REAL, layer INTEGER,
    rank INTEGER, pruned_accuracy REAL, lra_accuracy REAL, learned_accuracy REAL,
    PRIMARY KEY (dropout_location, dropout_probability, pruning_ratio, layer, rank)
  ) WITHOUT ROWID;
)";

std::uint64_t number(int value) { return static_cast<std::uint64_t>(value); }

void bind(Statement& statement, const Unit& unit) {
  statement.bind(1, number(unit.location))
      .bind(2, unit.probability)
      .bind(3, unit.ratio)
      .bind(4, number(unit.layer));
}

/// SQLite would make what is not there.
const std::filesystem::path& existing(const std::filesystem::path& file) {
  if (std::filesystem::exists(file)) return file;
  throw InputError(fmt::format("{}: is not there; cfc-compress search makes it", file.string()));
}

}  // namespace

ResultStore::ResultStore(const std::filesystem::path& file)
    : database_(std::make_unique<Sqlite>(existing(file))) {
  manifest();  // fails where this is no store
}

ResultStore::ResultStore(const std::filesystem::path& file, const Manifest& manifest)
    : database_(std::make_unique<Sqlite>(file)) {
  database_->execute(kSchema);
  const Manifest found = this->manifest();
  if (found.empty()) {
    write_manifest(manifest);
    return;
  }
  for (const auto& [key, value] : manifest) {
    const auto there = found.find(key);
    const std::string other = there == found.end() ? "nothing" : there->second;
    if (other != value)
      throw InputError(fmt::format("{} belongs to a search with {} {}, not {}: name another folder",
                                   file.string(), key, other, value));
  }
}

void ResultStore::write_manifest(const Manifest& manifest) const {
  Transaction transaction(*database_);
  Statement insert(*database_, "INSERT INTO manifest VALUES (?, ?)");
  for (const auto& [key, value] : manifest) insert.bind(1, key).bind(2, value).step();
  transaction.commit();
}

ResultStore::Manifest ResultStore::manifest() const {
  Manifest manifest;
  Statement select(*database_, "SELECT key, value FROM manifest");
  while (select.step()) manifest.emplace(select.text(0), select.text(1));
  return manifest;
}

bool ResultStore::has(const Unit& unit) const {
  Statement select(*database_,
                   "SELECT 1 FROM points WHERE dropout_location = ? AND dropout_probability = ? "
                   "AND pruning_ratio = ? AND layer = ? LIMIT 1");
  bind(select, unit);
  return select.step();
}

void ResultStore::add(const std::vector<Point>& points) {
  Transaction transaction(*database_);
  // A second search in the same folder may have been faster; its points are the same.
  if (points.empty() || has(points.front().unit)) return;
  Statement insert(*database_, "INSERT INTO points VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  for (const Point& point : points) {
    bind(insert, point.unit);
    insert.bind(5, number(point.rank))
        .bind(6, point.pruned_accuracy)
        .bind(7, point.lra_accuracy)
        .bind(8, point.learned_accuracy)
        .step();
  }
  transaction.commit();
}

std::vector<Point> ResultStore::points() const {
  std::vector<Point> points;
  Statement select(*database_,
                   "SELECT * FROM points ORDER BY dropout_location, dropout_probability, "
                   "pruning_ratio, layer, rank");
  while (select.step())
    points.push_back({{static_cast<int>(select.integer(0)), select.real(1), select.real(2),
                       static_cast<int>(select.integer(3))},
                      static_cast<int>(select.integer(4)),
                      select.real(5),
                      select.real(6),
                      select.real(7)});
  return points;
}

}  // namespace cfc::compress
