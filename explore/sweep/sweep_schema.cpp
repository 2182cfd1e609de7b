#include "explore/sweep/sweep_schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "explore/sweep/figures.h"

namespace cfc::explore {
namespace {

/// Columns of `points`, all of them.
std::vector<std::string> point_columns() {
  std::vector<std::string> columns{"digest",        "network",     "images",
                                   "energy_table",  "energy_unit", "weights",
                                   "configuration", "failure",     "clock_period_ns"};
  for (const Count& count : counts()) columns.emplace_back(count.name);
  columns.emplace_back("energy");
  return columns;
}

/// Metrics that are not columns of a table.
std::string derived_columns() {
  std::string sql;
  for (const Metric& metric : metrics()) {
    if (std::string(metric.name) == metric.expression) continue;
    sql += fmt::format(", {} AS {}", metric.expression, metric.name);
  }
  return sql;
}

}  // namespace

std::string schema_sql() {
  std::string figures;
  for (const Count& count : counts()) figures += fmt::format(", {} INTEGER", count.name);
  std::string columns;
  for (const std::string& column : point_columns()) {
    if (column != "failure") columns += "points." + column + ", ";
  }
  return fmt::format(R"(
CREATE TABLE networks (
  sha256 TEXT PRIMARY KEY, file TEXT NOT NULL, accuracy REAL, layers TEXT NOT NULL
);
CREATE TABLE points (
  digest TEXT PRIMARY KEY, network TEXT NOT NULL REFERENCES networks(sha256),
  images INTEGER NOT NULL, energy_table TEXT, energy_unit TEXT, weights TEXT,
  configuration TEXT NOT NULL, failure TEXT, clock_period_ns REAL{figures}, energy REAL
);
CREATE TABLE simulations (
  digest TEXT PRIMARY KEY REFERENCES points(digest), difference TEXT
);
CREATE VIEW results AS
  SELECT {columns}networks.file AS network_file, layers{derived}
  FROM points JOIN networks ON points.network = networks.sha256
  WHERE failure IS NULL;
PRAGMA application_id = {application};
PRAGMA user_version = {version};
)",
                     fmt::arg("figures", figures), fmt::arg("columns", columns),
                     fmt::arg("derived", derived_columns()),
                     fmt::arg("application", kApplicationId), fmt::arg("version", kSchemaVersion));
}

std::string insert_point_sql() {
  const std::vector<std::string> marks(point_columns().size(), "?");
  return fmt::format("INSERT OR IGNORE INTO points VALUES ({})", fmt::join(marks, ", "));
}

std::string conflicts_sql() {
  std::string differs = "0";
  for (const std::string& column : point_columns()) {
    differs += fmt::format(" OR a.{0} IS NOT b.{0}", column);
  }
  return fmt::format(
      "SELECT count(*) FROM main.points a JOIN other.points b ON a.digest = b.digest WHERE {}",
      differs);
}

}  // namespace cfc::explore
