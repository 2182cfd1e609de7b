#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cfcsim/run/run_options.h"
#include "cfcsim/run/workload_options.h"

namespace cfc {

/// `cfcsim compare`: dense, sequential and streaming side by side on one network or workload.
struct CompareOptions {
  RunOptions run;
  WorkloadOptions workload;
  bool simulate{false};  ///< a workload with random weights
  std::uint64_t seed{1};
  std::optional<std::filesystem::path> dense_network;
  std::string energy_table{"horowitz-45nm"};
  std::uint64_t batch{1};
  std::optional<std::uint64_t> bandwidth_bits;
  std::vector<std::string> synthesis;  ///< SCHEDULE=FILE
  int jobs{1};

  void add_to(CLI::App& command);
};

/// Returns the exit status: 0, 1 after a mismatch with the golden or the timing model, 130 after an
/// interrupt. Throws InputError.
int compare(const CompareOptions& options);

/// The result of a workload by the timing model, for programs. Throws InputError.
nlohmann::json compare_workload_json(const CompareOptions& options);

}  // namespace cfc
