#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cfcsim/run/run_options.h"

namespace cfc {

/// `cfcsim trace`: waveforms of chosen images and cycles.
struct TraceOptions {
  RunOptions run;
  std::filesystem::path folder{"waves"};
  std::optional<std::int64_t> from;
  std::optional<std::int64_t> to;
  std::optional<int> layer;
  std::optional<std::string> ranks;
  std::vector<std::string> scopes;
  int depth{3};
  std::optional<std::string> lanes;
  bool rtl{};
  bool fst{};

  void add_to(CLI::App& command);
};

/// Returns the exit status, 0. Throws InputError.
int trace(const TraceOptions& options);

}  // namespace cfc
