#include "exchange/data/csv_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include <fmt/format.h>

#include "support/error.h"
#include "support/numbers.h"

namespace cfc::exchange {
namespace {

std::string trimmed(const std::string& field) {
  const std::size_t first = field.find_first_not_of(" \t\r");
  if (first == std::string::npos) return "";
  return field.substr(first, field.find_last_not_of(" \t\r") - first + 1);
}

/// Appends the numbers of a line; returns how many.
Eigen::Index read_line(const std::string& line, const std::string& place,
                       std::vector<double>& values) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  Eigen::Index count = 0;
  for (std::size_t begin = 0; begin <= line.size(); ++count) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    try {
      values.push_back(parse_real(trimmed(line.substr(begin, end - begin)), -kLargest, kLargest));
    } catch (const ValueError& error) {
      throw InputError(fmt::format("{}, field {}: {}; leave out a header and text columns", place,
                                   count + 1, error.what()));
    }
    begin = end + 1;
  }
  return count;
}

}  // namespace

NumberTable parse_csv(const std::string& text, const std::string& origin) {
  NumberTable table{origin, NumberKind::integer, {0, 0}, {}};
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (trimmed(line).empty()) continue;
    const std::string place = fmt::format("{}, line {}", origin, number);
    const Eigen::Index width = read_line(line, place, table.values);
    if (table.shape[0] > 0 && width != table.shape[1]) {
      throw InputError(
          fmt::format("{}: has {} numbers, the lines before it {}", place, width, table.shape[1]));
    }
    ++table.shape[0];
    table.shape[1] = width;
  }
  if (table.values.empty()) throw InputError(fmt::format("{}: holds no numbers", origin));
  const auto is_whole = [](double value) { return value == std::floor(value); };
  if (!std::all_of(table.values.begin(), table.values.end(), is_whole)) {
    table.kind = NumberKind::real;
  }
  return table;
}

}  // namespace cfc::exchange
