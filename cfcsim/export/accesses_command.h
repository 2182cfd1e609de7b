#pragma once

#include <filesystem>
#include <string>

#include "cfcsim/run/run_options.h"

namespace cfc {

/// `cfcsim export accesses`: the memory accesses of chosen images, one a line
/// (docs/how-to/export-accesses.md).
struct ExportAccessesOptions {
  RunOptions run;
  std::string format{"csv"};
  std::filesystem::path file;

  void add_to(CLI::App& command);
};

/// Returns the exit status: 0, or 130 after an interrupt, which leaves no file. Throws InputError.
int export_accesses(const ExportAccessesOptions& options);

}  // namespace cfc
