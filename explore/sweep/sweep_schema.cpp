#include "explore/sweep/sweep_schema.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "explore/sweep/figures.h"

namespace cfc::explore {
namespace {

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

Table networks_table() { return {"networks", {"sha256", "file", "accuracy", "layers"}}; }

Table points_table() {
  Table table{"points",
              {"digest", "network", "images", "energy_table", "energy_unit", "weights",
               "technology", "configuration", "failure", "clock_period_ns", "clock_origin"}};
  for (const Count& count : counts()) table.columns.emplace_back(count.name);
  for (const char* name :
       {"energy", "period_ns", "cells_um2", "macros_um2", "silicon_pj", "cells_origin"}) {
    table.columns.emplace_back(name);
  }
  return table;
}

Table simulations_table() { return {"simulations", {"digest", "difference"}}; }

std::vector<std::string> schema() {
  std::string figures;
  for (const Count& count : counts()) figures += fmt::format(", {} INTEGER", count.name);
  std::string columns;
  for (const std::string& column : points_table().columns) {
    if (column != "failure") columns += "points." + column + ", ";
  }
  return {
      "CREATE TABLE networks (sha256 TEXT PRIMARY KEY, file TEXT NOT NULL, accuracy REAL, layers "
      "TEXT NOT NULL, seal TEXT NOT NULL)",
      fmt::format(
          "CREATE TABLE points (digest TEXT PRIMARY KEY, network TEXT NOT NULL REFERENCES "
          "networks(sha256), images INTEGER NOT NULL, energy_table TEXT, energy_unit TEXT, "
          "weights TEXT, technology TEXT, configuration TEXT NOT NULL, failure TEXT, "
          "clock_period_ns REAL, clock_origin TEXT{}, energy REAL, period_ns REAL, cells_um2 REAL, "
          "macros_um2 REAL, silicon_pj REAL, cells_origin TEXT, seal TEXT NOT NULL)",
          figures),
      "CREATE TABLE simulations (digest TEXT PRIMARY KEY REFERENCES points(digest), difference "
      "TEXT, seal TEXT NOT NULL)",
      fmt::format("CREATE VIEW results AS SELECT {}networks.file AS network_file, layers{} FROM "
                  "points JOIN networks ON points.network = networks.sha256 WHERE failure IS NULL",
                  columns, derived_columns())};
}

std::string insert_sql(const std::string& insert, const Table& table) {
  std::string parameters;
  for (std::size_t i = 1; i <= table.columns.size(); ++i) parameters += fmt::format("?{}, ", i);
  parameters.resize(parameters.size() - 2);
  return fmt::format("{0} INTO {1} VALUES ({2}, seal({2}))", insert, table.name, parameters);
}

std::string broken_seals_sql(const Table& table) {
  return fmt::format("SELECT count(*) FROM {} WHERE seal IS NOT seal({})", table.name,
                     fmt::join(table.columns, ", "));
}

std::string conflicts_sql() {
  return "SELECT count(*) FROM main.points a JOIN other.points b ON a.digest = b.digest WHERE "
         "a.seal IS NOT b.seal";
}

}  // namespace cfc::explore
