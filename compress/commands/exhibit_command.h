#pragma once

#include <filesystem>

namespace cfc::compress {

struct ExhibitOptions {
  int number{};
  std::filesystem::path search;  ///< folder of `cfc-compress search`
  std::filesystem::path data;
  std::filesystem::path output;  ///< folder for the CSV and SVG files; empty: only the text
};

/// Prints a table of the paper, ours beside the paper's, and writes it as CSV and SVG.
void table(const ExhibitOptions& options);

/// The same for a figure.
void figure(const ExhibitOptions& options);

}  // namespace cfc::compress
