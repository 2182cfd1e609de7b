#pragma once

#include <filesystem>

#include "cfcsim/run/run_options.h"

namespace cfc {

/// `cfcsim export rtl`: a network in a configuration as Verilog, memory images and a bench.
struct ExportRtlOptions {
  RunOptions run;
  std::filesystem::path folder;

  void add_to(CLI::App& command);
};

/// Returns the exit status, 0. Throws InputError.
int export_rtl(const ExportRtlOptions& options);

}  // namespace cfc
