#pragma once

#include <cstdint>
#include <filesystem>

#include "cfcsim/run/run_options.h"
#include "cfcsim/run/workload_options.h"

namespace cfc {

enum class AccessFormat {
  csv,        ///< every access of every memory
  ramulator,  ///< fetches of weights from DRAM: Ramulator 2, LoadStoreTrace
  dramsys,    ///< fetches of weights from DRAM: DRAMSys, trace player (STL), absolute times
};

/// `cfcsim export accesses`: the memory accesses of chosen images, one a line
/// (docs/how-to/export-accesses.md).
struct ExportAccessesOptions {
  RunOptions run;
  WorkloadOptions workload;
  std::size_t chain{1};  ///< of the workload, from 1
  AccessFormat format{AccessFormat::csv};
  std::filesystem::path file;
  std::uint64_t access_bytes{64};  ///< that a line moves in Ramulator; it divides a burst

  void add_to(CLI::App& command);
};

/// Returns the exit status: 0, or 130 after an interrupt, which leaves no file. Throws InputError.
int export_accesses(const ExportAccessesOptions& options);

}  // namespace cfc
