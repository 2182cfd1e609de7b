#pragma once

#include <optional>

#include "configuration/statistics.h"
#include "explore/silicon/technology.h"

namespace cfc::explore {

/// Dynamic energy of an image.
struct ImageEnergy {
  double clock_pj{};      ///< clock pins of registers
  double switching_pj{};  ///< all other cells
  double macros_pj{};     ///< accesses of memories

  double total_pj() const { return clock_pj + switching_pj + macros_pj; }
};

/// Of a machine that did a run; none where its technology has no energies. The clock of every layer
/// runs in every cycle of the run.
std::optional<ImageEnergy> image_energy(const Silicon& silicon, const Workload& workload,
                                        const RunStatistics& run);

}  // namespace cfc::explore
