#include "explore/silicon/image_energy.h"

namespace cfc::explore {

std::optional<ImageEnergy> image_energy(const Silicon& silicon, const Workload& workload,
                                        const RunStatistics& run) {
  ImageEnergy energy;
  const auto images = static_cast<double>(run.images);
  for (std::size_t i = 0; i < silicon.layers.size(); ++i) {
    const LayerSilicon& layer = silicon.layers[i];
    if (!layer.energy) return {};
    const WorkloadLayer& work = workload.layers[i];
    const double vectors = static_cast<double>(work.vectors) * static_cast<double>(work.repeat);
    energy.clock_pj += layer.energy->clock_pj_per_cycle * static_cast<double>(run.cycles) / images;
    energy.switching_pj += layer.energy->switching_pj * vectors;
    for (const auto& [name, macro] : layer.macros) {
      const MemoryStatistics& accesses = run.layers[i].memories.at(name);
      energy.macros_pj += (static_cast<double>(accesses.reads.words) * macro.read_pj +
                           static_cast<double>(accesses.writes.words) * macro.write_pj) /
                          images;
    }
  }
  return energy;
}

}  // namespace cfc::explore
