#pragma once

#include <filesystem>

#include "compress/search.h"

namespace cfc::compress {

struct SearchOptions {
  std::filesystem::path folder;
  std::filesystem::path data;
  std::string json;  ///< empty: none; "-": standard output
  Grid grid{paper_grid()};
  Schooling schooling;
  Learning learning{Learning::descent};
  double beta{kBeta};
  int jobs{2};
};

/// Algorithm 1: trains what is missing, searches the grid, prints the candidates, writes their
/// networks (the matrices of S_U and S_V) to `candidates/` and the chosen one to `chosen.onnx`.
void search(const SearchOptions& options);

/// A search that was done, as the tables and figures read it.
struct FinishedSearch {
  std::vector<Point> points;
  Grid grid;
  Schooling schooling;
  std::vector<Shape> shapes;
  double beta{};
  std::string data;  ///< digest of the data it is of
};

/// Reads the results in `folder`. Throws InputError if there are none, or not all of them yet.
FinishedSearch read_search(const std::filesystem::path& folder);

}  // namespace cfc::compress
