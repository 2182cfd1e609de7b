#pragma once

#include <filesystem>

#include "compress/search/search_record.h"

namespace cfc::compress {

struct SearchOptions : SearchPlan {
  std::filesystem::path folder;
  std::filesystem::path data;
  std::string json;  ///< empty: none; "-": standard output
  int jobs{2};
};

/// Algorithm 1: trains what is missing, searches the grid, prints the candidates, writes their
/// networks (the matrices of S_U and S_V) to `candidates/` and the chosen one to `chosen.onnx`.
void search(const SearchOptions& options);

}  // namespace cfc::compress
