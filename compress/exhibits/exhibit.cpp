#include "compress/exhibits/exhibit.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace cfc::compress {
namespace {

using Row = std::vector<std::string>;

std::vector<std::size_t> widths_of(const Table& table) {
  std::vector<std::size_t> widths;
  for (const std::string& cell : table.header) widths.push_back(cell.size());
  for (const Row& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  return widths;
}

std::string aligned(const Row& row, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i)
    line += i == 0 ? fmt::format("{:<{}}", row[i], widths[i])
                   : fmt::format("  {:>{}}", row[i], widths[i]);
  return line + "\n";
}

std::string quoted(const std::string& cell) {
  if (cell.find_first_of(",\"\n") == std::string::npos) return cell;
  std::string result = "\"";
  for (const char character : cell) result += character == '"' ? "\"\"" : std::string(1, character);
  return result + "\"";
}

std::string csv_line(const Row& row) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) line += (i == 0 ? "" : ",") + quoted(row[i]);
  return line + "\n";
}

std::string x_text(const Panel& panel, double x) {
  const auto index = static_cast<std::size_t>(x);
  return panel.x_names.empty() ? fmt::format("{}", x) : panel.x_names.at(index);
}

}  // namespace

std::string to_text(const Exhibit& exhibit) {
  const std::vector<std::size_t> widths = widths_of(exhibit.summary);
  std::string text = exhibit.title + "\n\n" + aligned(exhibit.summary.header, widths);
  for (const Row& row : exhibit.summary.rows) text += aligned(row, widths);
  return text;
}

std::string to_csv(const Table& table) {
  std::string text = csv_line(table.header);
  for (const Row& row : table.rows) text += csv_line(row);
  return text;
}

Table all_points(const std::vector<Panel>& panels) {
  Table table{{"panel", "series", "x", "y"}, {}};
  for (const Panel& panel : panels)
    for (const Series& series : panel.series)
      for (const auto& [x, y] : series.points)
        table.rows.push_back(
            {panel.title, series.title, x_text(panel, x), fmt::format("{:.6f}", y)});
  return table;
}

Table side_by_side(const std::vector<Panel>& panels) {
  Table table{{"panel", panels.front().x_label}, {}};
  for (const Series& series : panels.front().series) table.header.push_back(series.title);
  for (const Panel& panel : panels) {
    std::map<double, Row> rows;
    for (std::size_t i = 0; i < panel.series.size(); ++i)
      for (const auto& [x, y] : panel.series[i].points) {
        Row& row = rows.try_emplace(x, Row(panel.series.size(), "-")).first->second;
        row[i] = fmt::format("{:.4f}", y);
      }
    for (const auto& [x, cells] : rows) {
      Row row = {panel.title, x_text(panel, x)};
      row.insert(row.end(), cells.begin(), cells.end());
      table.rows.push_back(row);
    }
  }
  return table;
}

}  // namespace cfc::compress
