#include "explore/sweep/figures.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "explore/cost/countable.h"
#include "explore/cost/layer_cost.h"
#include "explore/silicon/image_energy.h"
#include "explore/timing/workload_run.h"
#include "support/error.h"

namespace cfc::explore {
namespace {

std::uint64_t waits(const LayerStatistics& layer) {
  std::uint64_t cycles = 0;
  for (const auto& [controller, ledger] : layer.controllers) {
    for (const auto& [entry, booked] : ledger) {
      if (entry.rfind("wait_", 0) == 0) cycles += booked;
    }
  }
  return cycles;
}

void add_measured(Figures& figures, const LayerStatistics& layer, std::uint64_t inferences) {
  figures.compute_cycles += layer.run_cycles / inferences;
  figures.stall_cycles += waits(layer);
  figures.peak_bits += layer.peak_bits_per_cycle;
  figures.multiplications += products(by_memory(layer));
  for (const auto& [name, memory] : layer.memories) {
    figures.read_words += memory.reads.words;
    figures.write_words += memory.writes.words;
    figures.read_bits += memory.reads.bits;
    figures.write_bits += memory.writes.bits;
  }
}

CellFigures cells_of(const Configuration& configuration, const Workload& workload,
                     const RunStatistics& run, const Technology& technology) {
  const Silicon silicon = technology.evaluate(configuration, workload);
  const auto energy = image_energy(silicon, workload, run);
  return {silicon.period_ns(), silicon.cells_um2(), silicon.macros_um2(),
          energy ? std::optional(energy->total_pj()) : std::nullopt, silicon.origin()};
}

}  // namespace

const std::vector<Count>& counts() {
  static const std::vector<Count> all{{"cycles", &Figures::cycles},
                                      {"latency_cycles", &Figures::latency_cycles},
                                      {"compute_cycles", &Figures::compute_cycles},
                                      {"stall_cycles", &Figures::stall_cycles},
                                      {"operations", &Figures::operations},
                                      {"multiplications", &Figures::multiplications},
                                      {"multipliers", &Figures::multipliers},
                                      {"accumulators", &Figures::accumulators},
                                      {"read_words", &Figures::read_words},
                                      {"write_words", &Figures::write_words},
                                      {"read_bits", &Figures::read_bits},
                                      {"write_bits", &Figures::write_bits},
                                      {"peak_bits", &Figures::peak_bits}};
  return all;
}

const std::vector<Metric>& metrics() {
  // Unknown where the machine replaces factors by the uncompressed layer: those are other weights.
  static constexpr auto kAccuracy =
      "CASE WHEN EXISTS (SELECT 1 FROM json_each(layers) AS shape, "
      "json_each(configuration, '$.layers') AS layer WHERE shape.key + 1 = CAST(layer.key AS "
      "INTEGER) AND json_extract(shape.value, '$.r') IS NOT NULL AND "
      "json_extract(layer.value, '$.schedule') = 'dense') THEN NULL ELSE accuracy END";
  using Better = Metric::Better;
  using Needs = Metric::Needs;
  static const std::vector<Metric> all = [] {
    std::vector<Metric> list;
    for (const Count& count : counts()) list.push_back({count.name, count.name, Better::less});
    const std::vector<Metric> derived{
        {"energy", "energy", Better::less, Needs::prices},
        {"clock_period_ns", "clock_period_ns", Better::less},
        {"period_ns", "period_ns", Better::less, Needs::cells},
        {"cells_um2", "cells_um2", Better::less, Needs::cells},
        {"macros_um2", "macros_um2", Better::less, Needs::cells},
        {"area_um2", "cells_um2 + macros_um2", Better::less, Needs::cells},
        {"silicon_pj", "silicon_pj", Better::less, Needs::cells},
        {"silicon_delay", "silicon_pj * period_ns * cycles / images", Better::less, Needs::cells},
        {"cycles_per_image", "CAST(cycles AS REAL) / images", Better::less},
        {"time_ns", "period_ns * cycles / images", Better::less, Needs::cells},
        {"latency_ns", "latency_cycles * clock_period_ns", Better::less},
        {"energy_per_image", "energy / images", Better::less, Needs::prices},
        {"accuracy", kAccuracy, Better::more, Needs::accuracy},
        {"images_per_second", "1e9 * images / (cycles * clock_period_ns)", Better::more},
        {"utilisation", "CAST(multiplications AS REAL) / multipliers / cycles", Better::more}};
    list.insert(list.end(), derived.begin(), derived.end());
    return list;
  }();
  return all;
}

const Metric& find_metric(const std::string& name) {
  const auto found = std::find_if(metrics().begin(), metrics().end(),
                                  [&](const Metric& metric) { return metric.name == name; });
  if (found != metrics().end()) return *found;
  std::vector<std::string> names;
  for (const Metric& metric : metrics()) names.emplace_back(metric.name);
  throw InputError(
      fmt::format("'{}' is not a metric; the metrics are {}", name, fmt::join(names, ", ")));
}

Figures figures_of(const Configuration& configuration, const Workload& workload,
                   const RunStatistics& run, std::uint64_t latency_cycles,
                   const SweepSetting& setting) {
  Figures figures;
  figures.cycles = run.cycles;
  figures.latency_cycles = latency_cycles;
  for (std::size_t i = 0; i < run.layers.size(); ++i) {
    const WorkloadLayer& layer = workload.layers[i];
    const LayerCost cost = layer_cost(configuration.layers[i], layer.widths, 1);
    figures.operations += cost.operations * layer.vectors * layer.repeat;
    figures.multipliers += cost.multipliers;
    figures.accumulators += cost.accumulators;
    add_measured(figures, run.layers[i], run.images);
  }
  if (const auto& energy = setting.energy) {
    figures.energy =
        run_energy(configuration, workload, run, energy->table, energy->weights).total();
  }
  if (setting.technology)
    figures.cells = cells_of(configuration, workload, run, *setting.technology);
  return figures;
}

Figures predict_figures(const Configuration& configuration, const Workload& workload,
                        const SweepSetting& setting) {
  check_countable(configuration, workload, setting.images);
  const RunStatistics run = predict(configuration, workload, setting.images);
  const std::uint64_t latency =
      setting.images == 1 ? run.cycles : predict(configuration, workload, 1).cycles;
  return figures_of(configuration, workload, run, latency, setting);
}

}  // namespace cfc::explore
