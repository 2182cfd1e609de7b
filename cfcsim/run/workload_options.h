#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cfcsim/run/run_options.h"
#include "explore/workload/workload.h"

namespace cfc {

/// `--workload`, which stands in the place of a network and its data.
struct WorkloadOptions {
  std::optional<std::string> file;

  /// To be called behind those of `RunOptions`.
  void add_to(CLI::App& command);

  /// Reads the workload. Throws InputError, or std::logic_error where none is given.
  explore::Workload read() const;

  /// What a result on it carries; `seed` is that of its random weights.
  Manifest manifest(const explore::Workload& workload, const RunOptions& run,
                    std::optional<std::uint64_t> seed) const;
};

/// How many inferences a command looks at: --images, from 1 to 10^9, or 100. Throws InputError.
std::uint64_t inferences_of(const RunOptions& run);

}  // namespace cfc
