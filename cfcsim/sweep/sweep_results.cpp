#include "cfcsim/sweep/sweep_results.h"

#include <functional>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "cfcsim/run/run_options.h"
#include "explore/sweep/pareto.h"
#include "support/digest.h"
#include "support/dotted_keys.h"
#include "support/version.h"
#include "support/whole_file.h"

namespace cfc {
namespace {

using explore::Metric;
using nlohmann::json;

constexpr std::size_t kShownRows = 20;

/// A point as it is put out.
struct Row {
  std::string digest;
  json fields;  ///< all columns but digest and configuration, null where there is nothing
  json configuration;
};

std::string metric_columns() {
  std::string sql;
  for (const Metric& metric : explore::metrics()) {
    sql += fmt::format(", {} AS {}", metric.expression, metric.name);
  }
  return sql;
}

/// All points asked for, failed ones too, best first.
std::string rows_sql() {
  return fmt::format(
      "SELECT points.digest AS digest, configuration, file AS network_file, network, images, "
      "energy_table, energy_unit, weights, technology, clock_origin, cells_origin, failure{} FROM "
      "asked CROSS JOIN points USING (digest) "
      "JOIN networks ON network = sha256 ORDER BY cycles IS NULL, cycles, digest",
      metric_columns());
}

json value_of(const Statement& query, int column) {
  if (query.is_null(column)) return {};
  if (query.is_integer(column)) return query.integer(column);
  if (query.is_text(column)) return query.text(column);
  return query.real(column);
}

void for_each_row(Sqlite& database, const std::function<void(const Row&)>& visit) {
  Statement query(database, rows_sql());
  while (query.step()) {
    Row row{query.text(0), json::object(), json::parse(query.text(1))};
    for (int i = 2; i < query.columns(); ++i) row.fields[query.name(i)] = value_of(query, i);
    visit(row);
  }
}

/// A field that holds a comma, a quote or a line end is quoted, as RFC 4180 says.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

/// Spreadsheets take a text that begins so for a formula, and run it.
bool is_formula(const std::string& text) { return text.find_first_of("=+-@") == 0; }

std::string csv_field(const json& value) {
  if (value.is_null()) return "";
  const std::string text = plain_text(value);
  return csv_field(value.is_string() && is_formula(text) ? "'" + text : text);
}

std::optional<TechnologySource> technology_of(const explore::SweepSetting& setting) {
  if (!setting.technology) return {};
  return TechnologySource{setting.technology, setting.technology_sha256};
}

json summary_json(Sqlite& database, const SweepReport& report) {
  const std::uint64_t looked_at = report.sweep.computed + report.sweep.known;
  return {
      {"schema", "cfcsim.sweep/1"},
      {"version", kVersion},
      {"interrupted", report.sweep.interrupted || report.check.interrupted},
      {"grid",
       {{"file", report.grid.filename().string()}, {"sha256", sha256_of_file(report.grid)}}},
      {"shard", {{"index", report.plan.shard.index}, {"count", report.plan.shard.count}}},
      {"points_asked", report.plan.points()},
      {"points_computed", report.sweep.computed},
      {"points_known", report.sweep.known},
      {"points_failed", database.integer("SELECT count(*) FROM asked JOIN points USING (digest) "
                                         "WHERE failure IS NOT NULL")},
      {"seconds", report.seconds},
      {"points_per_second", static_cast<double>(looked_at) / report.seconds},
      {"technology", technology_json(technology_of(report.plan.setting))},
      {"pareto", {{"metrics", report.metrics}, {"digests", report.front}}},
      {"simulated",
       {{"points", report.check.simulated}, {"differences", report.check.differences}}}};
}

/// Keys that are not the same for all of the configurations.
std::set<std::string> varying_keys(const std::vector<Row>& rows) {
  std::map<std::string, std::set<json>> values;
  for (const Row& row : rows) {
    const json configuration = dotted(row.configuration);
    for (const auto& [key, value] : configuration.items()) values[key].insert(value);
  }
  std::set<std::string> keys;
  for (const auto& [key, seen] : values) {
    if (seen.size() > 1) keys.insert(key);
  }
  return keys;
}

std::string row_text(const Row& row, const std::vector<std::string>& metrics,
                     const std::set<std::string>& keys) {
  std::string text;
  for (const std::string& metric : metrics) {
    const json& value = row.fields[metric];
    text +=
        fmt::format("{:>19}", value.is_number_float() ? fmt::format("{:.6g}", value.get<double>())
                                                      : value.dump());
  }
  text += "  " + row.fields["network_file"].get<std::string>();
  const json configuration = dotted(row.configuration);
  for (const auto& [key, value] : configuration.items()) {
    if (keys.count(key) != 0) text += fmt::format(" {}={}", key, plain_text(value));
  }
  return text + '\n';
}

std::vector<double> values_of(const Row& row, const std::vector<std::string>& metrics) {
  std::vector<double> values;
  values.reserve(metrics.size());
  for (const std::string& metric : metrics) values.push_back(row.fields[metric].get<double>());
  return values;
}

std::string front_text(Sqlite& database, const SweepReport& report) {
  const std::set<std::string> front(report.front.begin(), report.front.end());
  // Of designs that come to the same, the first stands for all.
  std::vector<Row> rows;
  std::set<std::vector<double>> seen;
  for_each_row(database, [&](const Row& row) {
    if (front.count(row.digest) == 0 || !seen.insert(values_of(row, report.metrics)).second) return;
    if (rows.size() < kShownRows) rows.push_back(row);
  });
  std::string text = fmt::format("Pareto front over {}: {} points, {} different ones\n",
                                 fmt::join(report.metrics, ", "), front.size(), seen.size());
  for (const std::string& metric : report.metrics) text += fmt::format("{:>19}", metric);
  text += "  network, and the keys in which these differ\n";
  const std::set<std::string> keys = varying_keys(rows);
  for (const Row& row : rows) text += row_text(row, report.metrics, keys);
  if (seen.size() > rows.size()) {
    text += fmt::format("... and {} more: see --csv or --json\n", seen.size() - rows.size());
  }
  return text;
}

std::string energy_text(const explore::SweepSetting& setting) {
  if (!setting.energy) return "";
  const explore::EnergyTable& table = setting.energy->table;
  const std::string banks =
      table.has_banks() ? "; what is larger counts as " + bank_text(table) : "";
  return fmt::format("energy: table {}, in {}, weights {}; dynamic only{}\n", table.name(),
                     table.unit(), to_string(setting.energy->weights), banks);
}

/// Why points failed, each reason once, the most common first.
std::string failures_text(Sqlite& database) {
  constexpr int kShownReasons = 3;
  Statement query(
      database,
      "SELECT count(*) AS points, failure, count(*) OVER () FROM asked JOIN points USING "
      "(digest) WHERE failure IS NOT NULL GROUP BY failure ORDER BY points DESC, failure");
  std::string text;
  for (int shown = 0; query.step(); ++shown) {
    if (shown == kShownReasons) {
      return text + fmt::format("... and {} more reasons: see --csv or --json\n",
                                query.integer(2) - kShownReasons);
    }
    text += fmt::format("{} points failed: {}\n", query.integer(0), query.text(1));
  }
  return text;
}

std::string check_text(const CheckSummary& check) {
  std::string text;
  if (check.simulated > 0) text += fmt::format("{} points simulated in SystemC\n", check.simulated);
  for (const std::string& difference : check.differences)
    text += "DIFFERENCE, " + difference + '\n';
  return text;
}

}  // namespace

std::vector<std::string> front_of(explore::SweepStore& store,
                                  const std::vector<std::string>& metrics) {
  std::string columns;
  for (const std::string& name : metrics) columns += ", " + name;
  Statement query(
      store.database(),
      "SELECT digest" + columns + " FROM asked CROSS JOIN results USING (digest) ORDER BY digest");
  std::vector<std::string> digests;
  std::vector<std::vector<double>> points;
  while (query.step()) {
    std::vector<double> point;
    for (int i = 1; i < query.columns(); ++i) {
      if (query.is_null(i)) break;
      const bool more = explore::find_metric(metrics[point.size()]).better == Metric::Better::more;
      point.push_back(more ? -query.real(i) : query.real(i));
    }
    if (point.size() < metrics.size()) continue;
    digests.push_back(query.text(0));
    points.push_back(std::move(point));
  }
  std::vector<std::string> front;
  for (const std::size_t place : explore::pareto_front(points)) front.push_back(digests[place]);
  return front;
}

void write_sweep_csv(explore::SweepStore& store, const SweepReport& report,
                     const std::filesystem::path& file) {
  const std::set<std::string> front(report.front.begin(), report.front.end());
  std::set<std::string> keys;
  std::vector<std::string> fields;
  for_each_row(store.database(), [&](const Row& row) {
    const json configuration = dotted(row.configuration);
    for (const auto& [key, value] : configuration.items()) {
      if (!row.fields.contains(key)) keys.insert(key);
    }
    if (!fields.empty()) return;
    for (const auto& [name, value] : row.fields.items()) fields.push_back(name);
  });
  std::string text =
      fmt::format("digest,pareto,{},{}\n", fmt::join(fields, ","), fmt::join(keys, ","));
  for_each_row(store.database(), [&](const Row& row) {
    text += row.digest + (front.count(row.digest) != 0 ? ",1" : ",0");
    for (const std::string& name : fields) text += ',' + csv_field(row.fields[name]);
    const json values = dotted(row.configuration);
    for (const std::string& key : keys) text += ',' + csv_field(values.value(key, json()));
    text += '\n';
  });
  write_whole_file(file, text);
}

void write_sweep_json(explore::SweepStore& store, const SweepReport& report,
                      const std::filesystem::path& file) {
  // Point by point, because a document of all of them would take many times the memory.
  std::string text = summary_json(store.database(), report).dump();
  text.back() = ',';
  text += "\"points\":[";
  const char* separator = "\n";
  for_each_row(store.database(), [&](const Row& row) {
    json point = row.fields;
    point["digest"] = row.digest;
    point["configuration"] = row.configuration;
    text += separator + point.dump();
    separator = ",\n";
  });
  text += "\n]}\n";
  write_result(text, file);
}

std::string sweep_text(explore::SweepStore& store, const SweepReport& report) {
  const explore::SweepSummary& sweep = report.sweep;
  const std::uint64_t looked_at = sweep.computed + sweep.known;
  std::string text =
      fmt::format("{} of {} points: {} computed, {} known; {:.1f} s, {:.0f} points a second\n",
                  looked_at, report.plan.points(), sweep.computed, sweep.known, report.seconds,
                  static_cast<double>(looked_at) / report.seconds);
  text += energy_text(report.plan.setting) + technology_text(technology_of(report.plan.setting)) +
          failures_text(store.database());
  if (sweep.interrupted) {
    return text + fmt::format("interrupted: {} keeps what is computed; ask again for the rest\n",
                              report.database.string());
  }
  return text + check_text(report.check) + front_text(store.database(), report);
}

}  // namespace cfc
