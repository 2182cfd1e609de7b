#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace cfc {

/// `cfcsim report`: one HTML page that opens offline, and the same charts as SVG files.
struct ReportOptions {
  std::optional<std::filesystem::path> compare;
  std::optional<std::string> workload;  ///< compared here, by the timing model
  std::optional<std::filesystem::path> sweep;
  std::vector<std::filesystem::path> platform;
  std::filesystem::path output{"report.html"};
  std::optional<std::filesystem::path> svg;

  void add_to(CLI::App& command);
};

/// Returns the exit status. Throws InputError, naming the file, where a result is not one of
/// `cfcsim compare --json`, `cfcsim sweep --json` or `cfcsim platform --json`, or where Vega is
/// missing.
int report(const ReportOptions& options);

}  // namespace cfc
