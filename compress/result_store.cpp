#include "compress/result_store.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "golden/error.h"

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
constexpr int kPatienceMs = 10000;

[[noreturn]] void complain(sqlite3* database, const std::filesystem::path& file) {
  throw InputError(fmt::format("{}: {}; what was in it before is kept", file.string(),
                               sqlite3_errmsg(database)));
}

/// A prepared statement; parameters and columns count from 1 and 0, as SQLite has it.
class Statement {
 public:
  Statement(sqlite3* database, const std::filesystem::path& file, const char* sql)
      : database_(database), file_(file) {
    if (sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr) != SQLITE_OK)
      complain(database, file);
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void bind(int parameter, double value) { sqlite3_bind_double(statement_, parameter, value); }
  void bind(int parameter, std::int64_t value) { sqlite3_bind_int64(statement_, parameter, value); }
  void bind(int parameter, const std::string& value) {
    sqlite3_bind_text(statement_, parameter, value.c_str(), -1, SQLITE_TRANSIENT);
  }
  void bind(int first, const Unit& unit) {
    bind(first, std::int64_t{unit.location});
    bind(first + 1, unit.probability);
    bind(first + 2, unit.ratio);
    bind(first + 3, std::int64_t{unit.layer});
  }

  /// True if there is a row.
  bool step() {
    const int status = sqlite3_step(statement_);
    if (status != SQLITE_ROW && status != SQLITE_DONE) complain(database_, file_);
    return status == SQLITE_ROW;
  }
  void reset() { sqlite3_reset(statement_); }

  int integer(int column) const { return sqlite3_column_int(statement_, column); }
  double real(int column) const { return sqlite3_column_double(statement_, column); }
  std::string text(int column) const {
    const auto* bytes = sqlite3_column_text(statement_, column);
    return bytes == nullptr ? "" : reinterpret_cast<const char*>(bytes);
  }

 private:
  sqlite3* database_;
  const std::filesystem::path& file_;
  sqlite3_stmt* statement_{};
};

}  // namespace

void ResultStore::Closer::operator()(sqlite3* database) const { sqlite3_close(database); }

void ResultStore::open(int flags) {
  sqlite3* database = nullptr;
  const int status = sqlite3_open_v2(file_.c_str(), &database, flags, nullptr);
  database_.reset(database);
  if (status != SQLITE_OK) complain(database, file_);
  sqlite3_busy_timeout(database, kPatienceMs);
}

ResultStore::ResultStore(const std::filesystem::path& file) : file_(file) {
  open(SQLITE_OPEN_READWRITE);
  manifest();  // fails where this is no store
}

ResultStore::ResultStore(const std::filesystem::path& file, const Manifest& manifest)
    : file_(file) {
  open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  execute(kSchema);
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
                                   file_.string(), key, other, value));
  }
}

void ResultStore::execute(const std::string& sql) const {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    complain(database_.get(), file_);
}

void ResultStore::write_manifest(const Manifest& manifest) const {
  execute("BEGIN");
  Statement insert(database_.get(), file_, "INSERT INTO manifest VALUES (?, ?)");
  for (const auto& [key, value] : manifest) {
    insert.bind(1, key);
    insert.bind(2, value);
    insert.step();
    insert.reset();
  }
  execute("COMMIT");
}

ResultStore::Manifest ResultStore::manifest() const {
  Manifest manifest;
  Statement select(database_.get(), file_, "SELECT key, value FROM manifest");
  while (select.step()) manifest.emplace(select.text(0), select.text(1));
  return manifest;
}

bool ResultStore::has(const Unit& unit) const {
  Statement select(database_.get(), file_,
                   "SELECT 1 FROM points WHERE dropout_location = ? AND dropout_probability = ? "
                   "AND pruning_ratio = ? AND layer = ? LIMIT 1");
  select.bind(1, unit);
  return select.step();
}

void ResultStore::add(const std::vector<Point>& points) {
  execute("BEGIN IMMEDIATE");
  try {
    Statement insert(database_.get(), file_, "INSERT INTO points VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    for (const Point& point : points) {
      insert.bind(1, point.unit);
      insert.bind(5, std::int64_t{point.rank});
      insert.bind(6, point.pruned_accuracy);
      insert.bind(7, point.lra_accuracy);
      insert.bind(8, point.learned_accuracy);
      insert.step();
      insert.reset();
    }
    execute("COMMIT");
  } catch (const InputError&) {
    sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

std::vector<Point> ResultStore::points() const {
  std::vector<Point> points;
  Statement select(database_.get(), file_,
                   "SELECT * FROM points ORDER BY dropout_location, dropout_probability, "
                   "pruning_ratio, layer, rank");
  while (select.step())
    points.push_back({{select.integer(0), select.real(1), select.real(2), select.integer(3)},
                      select.integer(4),
                      select.real(5),
                      select.real(6),
                      select.real(7)});
  return points;
}

}  // namespace cfc::compress
