#include "explore/cost/countable.h"

#include <fmt/format.h>

#include "explore/cost/layer_cost.h"
#include "support/error.h"

namespace cfc::explore {
namespace {

/// L-SCM, MCM, DCL-SCM and DIL-SCM of every layer may each wait in every cycle of a stream.
constexpr double kControllers = 4;

}  // namespace

/// Every count of a stream is at most the inferences times the sum of what one takes by itself; the
/// sum is made in floating point, which cannot wrap.
void check_countable(const Configuration& configuration, const Workload& workload,
                     std::uint64_t inferences) {
  double cycles = 0;
  double bits = 0;
  for (std::size_t i = 0; i < workload.layers.size(); ++i) {
    const WorkloadLayer& layer = workload.layers[i];
    // One element a beat: no layer can take longer to load.
    const LayerCost cost = layer_cost(configuration.layers[i], layer.widths, 1);
    const double times = static_cast<double>(layer.vectors) * static_cast<double>(layer.repeat);
    cycles += times * static_cast<double>(cost.latency_cycles);
    for (const MemoryStatistics& memory : cost.memories) {
      bits += times *
              (static_cast<double>(memory.reads.bits) + static_cast<double>(memory.writes.bits));
    }
  }
  const double stalls = cycles * kControllers * static_cast<double>(workload.layers.size());
  constexpr double kMost = 9e18;
  if ((stalls + bits) * static_cast<double>(inferences) < kMost) return;
  throw InputError(
      fmt::format("the counts of {} images do not fit in 63 bits; give fewer --images, "
                  "or a workload of fewer vectors and repeats",
                  inferences));
}

}  // namespace cfc::explore
