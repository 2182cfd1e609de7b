#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "cfcsim/run/run_options.h"

namespace cfc {

/// `cfcsim lockstep`: SystemC model and Verilog RTL compared in every cycle.
struct LockstepOptions {
  RunOptions run;
  std::optional<std::uint64_t> stall_seed;
  std::optional<std::filesystem::path> waveform;

  void add_to(CLI::App& command);
};

/// Returns the exit status: 0, or 1 after a difference. Throws InputError.
int lockstep(const LockstepOptions& options);

}  // namespace cfc
