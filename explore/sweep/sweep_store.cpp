#include "explore/sweep/sweep_store.h"

#include <utility>

#include <fmt/format.h>

#include "explore/sweep/sweep_schema.h"
#include "support/error.h"

namespace cfc::explore {
namespace {

namespace fs = std::filesystem;

std::string layers_json(const NetworkFacts& network) {
  std::string json;
  for (const WorkloadLayer& layer : network.workload.layers) {
    const LayerShape& shape = layer.shape;
    json += fmt::format("{}{{\"m\":{},\"n\":{},\"r\":{}", json.empty() ? "" : ",", shape.m, shape.n,
                        shape.r ? std::to_string(*shape.r) : "null");
    if (layer.vectors > 1) json += fmt::format(",\"vectors\":{}", layer.vectors);
    if (layer.repeat > 1) json += fmt::format(",\"repeat\":{}", layer.repeat);
    json += '}';
  }
  return '[' + json + ']';
}

/// Null where there is nothing.
void bind_number(Statement& insert, int parameter, const std::optional<double>& value) {
  if (value) {
    insert.bind(parameter, *value);
  } else {
    insert.bind_null(parameter);
  }
}

void bind_clock(Statement& insert, int parameter, const std::optional<Configuration>& machine) {
  bind_number(insert, parameter, machine ? std::optional(machine->clock_period_ns) : std::nullopt);
  insert.bind(parameter + 1, machine ? to_string(machine->clock_origin) : "");
}

void bind_cells(Statement& insert, int parameter, const std::optional<CellFigures>& cells) {
  bind_number(insert, parameter, cells ? std::optional(cells->period_ns) : std::nullopt);
  bind_number(insert, parameter + 1, cells ? std::optional(cells->cells_um2) : std::nullopt);
  bind_number(insert, parameter + 2, cells ? std::optional(cells->macros_um2) : std::nullopt);
  bind_number(insert, parameter + 3, cells ? cells->silicon_pj : std::nullopt);
  insert.bind(parameter + 4, cells ? to_string(cells->origin) : "");
}

void bind_figures(Statement& insert, int parameter, const EvaluatedPoint& point) {
  for (const Count& count : counts()) {
    if (point.figures) {
      insert.bind(parameter++, (*point.figures).*count.value);
    } else {
      insert.bind_null(parameter++);
    }
  }
  bind_number(insert, parameter, point.figures ? point.figures->energy : std::nullopt);
  bind_cells(insert, parameter + 1, point.figures ? point.figures->cells : std::nullopt);
}

void bind_setting(Statement& insert, int parameter, const SweepSetting& setting) {
  insert.bind(parameter, setting.images);
  insert.bind(parameter + 1, setting.energy ? setting.energy->table.name() : "");
  insert.bind(parameter + 2, setting.energy ? setting.energy->table.unit() : "");
  insert.bind(parameter + 3, setting.energy ? to_string(setting.energy->weights) : "");
  insert.bind(parameter + 4, setting.technology ? setting.technology->name() : "");
}

void check_version(Sqlite& database) {
  const std::string name = database.file().string();
  if (database.integer("PRAGMA application_id") != kApplicationId) {
    throw InputError(
        fmt::format("{}: is no database of a sweep, but of another program, or empty; give another "
                    "file",
                    name));
  }
  const std::int64_t version = database.integer("PRAGMA user_version");
  if (version != kSchemaVersion) {
    throw InputError(
        fmt::format("{}: has version {} of the schema, and this cfcsim knows {}; give another file",
                    name, version, kSchemaVersion));
  }
}

/// The tables and views are ours to the letter; others may stand beside them.
void check_schema(Sqlite& database) {
  Statement find(database, "SELECT 1 FROM sqlite_master WHERE sql = ?");
  for (const std::string& sql : schema()) {
    find.bind(1, sql);
    if (!find.step()) database.fail_damaged();
    find.step();  // to its end, so that it can run again
  }
}

/// SQLite's own check sees no value that is another value; the seals of the rows do.
void check_whole(Sqlite& database) {
  check_version(database);
  database.check_integrity();
  check_schema(database);
  for (const Table& table : {networks_table(), points_table(), simulations_table()}) {
    if (database.integer(broken_seals_sql(table)) > 0) database.fail_damaged();
  }
}

void refuse_same_file(const fs::path& a, const fs::path& b) {
  std::error_code ignored;
  if (!fs::equivalent(a, b, ignored)) return;
  throw InputError(fmt::format("{}: cannot be merged into itself", b.string()));
}

}  // namespace

SweepSource::SweepSource(fs::path file) : file_(std::move(file)) {
  if (!fs::exists(file_)) {
    throw InputError(fmt::format("{}: is not there; give the database of a sweep", file_.string()));
  }
  Sqlite database(file_, Sqlite::Access::read);
  check_whole(database);
}

SweepStore::SweepStore(const fs::path& file) : database_(file) {
  create_if_empty();
  check_whole(database_);
  // A killed process loses nothing that is committed; only a crash of the machine may take back the
  // last commits, and then whole.
  database_.execute("PRAGMA synchronous = NORMAL");
  database_.execute("PRAGMA temp_store = MEMORY");
  insert_point_ =
      std::make_unique<Statement>(database_, insert_sql("INSERT OR IGNORE", points_table()));
}

void SweepStore::create_if_empty() {
  const auto is_empty = [&] {
    return database_.integer("PRAGMA application_id") == 0 &&
           database_.integer("PRAGMA user_version") == 0 &&
           database_.integer("SELECT count(*) FROM sqlite_master") == 0;
  };
  if (is_empty()) {
    database_.execute("PRAGMA journal_mode = WAL");
    Transaction transaction(database_);
    if (is_empty()) create();  // no other process was faster
    transaction.commit();
  }
}

void SweepStore::create() {
  for (const std::string& sql : schema()) database_.execute(sql);
  database_.execute(fmt::format("PRAGMA application_id = {}", kApplicationId));
  database_.execute(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
}

void SweepStore::add_network(const NetworkFacts& network) {
  Statement insert(database_, insert_sql("INSERT OR IGNORE", networks_table()));
  insert.bind(1, network.sha256).bind(2, network.file).bind(4, layers_json(network));
  if (network.accuracy) insert.bind(3, *network.accuracy);
  insert.step();
}

std::unordered_set<std::string> SweepStore::digests() {
  std::unordered_set<std::string> all;
  all.reserve(static_cast<std::size_t>(database_.integer("SELECT count(*) FROM points")));
  Statement query(database_, "SELECT digest FROM points");
  while (query.step()) all.insert(query.text(0));
  return all;
}

void SweepStore::add(const std::vector<EvaluatedPoint>& points, const SweepSetting& setting) {
  Transaction transaction(database_);
  for (const EvaluatedPoint& point : points) {
    Statement& insert = *insert_point_;
    insert.bind(1, point.design.digest).bind(2, point.network->sha256);
    bind_setting(insert, 3, setting);
    insert.bind(8, point.design.configuration_json).bind(9, point.design.failure);
    bind_clock(insert, 10, point.design.configuration);
    bind_figures(insert, 12, point);
    insert.step();
  }
  transaction.commit();
}

std::uint64_t SweepStore::merge(const SweepSource& other) {
  refuse_same_file(database_.file(), other.file());
  database_.attach_to_read(other.file(), "other");
  std::uint64_t added = 0;
  try {
    Transaction transaction(database_);
    if (database_.integer(conflicts_sql()) > 0) {
      throw InputError(fmt::format(
          "{}: has a point that {} has with other figures; one of them was changed or damaged",
          other.file().string(), database_.file().string()));
    }
    database_.execute("INSERT OR IGNORE INTO main.networks SELECT * FROM other.networks");
    database_.execute("INSERT OR IGNORE INTO main.points SELECT * FROM other.points");
    added = static_cast<std::uint64_t>(database_.changes());
    database_.execute("INSERT OR IGNORE INTO main.simulations SELECT * FROM other.simulations");
    transaction.commit();
  } catch (...) {
    database_.execute("DETACH other");
    throw;
  }
  database_.execute("DETACH other");
  return added;
}

void SweepStore::add_simulation(const std::string& digest, const std::string& difference) {
  Statement insert(database_, insert_sql("INSERT OR REPLACE", simulations_table()));
  insert.bind(1, digest).bind(2, difference).step();
}

void SweepStore::ask(const std::vector<std::string>& digests) {
  Transaction transaction(database_);
  database_.execute(
      "CREATE TEMP TABLE IF NOT EXISTS asked (digest TEXT PRIMARY KEY) WITHOUT ROWID");
  database_.execute("DELETE FROM asked");
  Statement insert(database_, "INSERT OR IGNORE INTO asked VALUES (?)");
  for (const std::string& digest : digests) insert.bind(1, digest).step();
  transaction.commit();
}

}  // namespace cfc::explore
