#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cfcsim/run/run_options.h"

namespace cfc {

/// `cfcsim compare`: dense, sequential and streaming side by side on one network.
struct CompareOptions {
  RunOptions run;
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

}  // namespace cfc
