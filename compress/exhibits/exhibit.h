#pragma once

#include <string>
#include <utility>
#include <vector>

namespace cfc::compress {

/// Cells of text under a header.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

/// A line, or loose marks, through points.
struct Series {
  enum class Style { line, dashed, marks };

  std::string title;
  std::vector<std::pair<double, double>> points;
  Style style{Style::line};
};

/// One pair of axes.
struct Panel {
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<Series> series;
  std::vector<std::string> x_names{};   ///< of x = 0, 1, ..., where they are no numbers
  std::pair<double, double> x_range{};  ///< as the points need it, if empty
  std::pair<double, double> y_range{};
};

/// A table or figure of the paper, made from our networks: to read, for programs, and to look at.
struct Exhibit {
  std::string name;   ///< of its files: "table-1"
  std::string title;  ///< what it shows
  Table summary;      ///< to read
  Table data;         ///< all numbers
  std::vector<Panel> panels;
};

/// Title and summary, the columns aligned.
std::string to_text(const Exhibit& exhibit);

/// RFC 4180, with a header line.
std::string to_csv(const Table& table);

/// Every point of every panel: panel, series, x, y.
Table all_points(const std::vector<Panel>& panels);

/// A line for each panel and x, a column for each series.
Table side_by_side(const std::vector<Panel>& panels);

}  // namespace cfc::compress
