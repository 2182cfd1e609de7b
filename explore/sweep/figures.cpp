#include "explore/sweep/figures.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "explore/cost/layer_cost.h"
#include "explore/timing/timing_model.h"
#include "support/error.h"

namespace cfc::explore {
namespace {

/// L-SCM, MCM, DCL-SCM and DIL-SCM of every layer may each wait in every cycle of a stream.
constexpr double kControllers = 4;

std::uint64_t waits(const LayerStatistics& layer) {
  std::uint64_t cycles = 0;
  for (const auto& [controller, ledger] : layer.controllers) {
    for (const auto& [entry, booked] : ledger) {
      if (entry.rfind("wait_", 0) == 0) cycles += booked;
    }
  }
  return cycles;
}

void add_measured(Figures& figures, const LayerStatistics& layer) {
  figures.compute_cycles += layer.run_cycles / layer.images;
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

/// Counts are stored in 63 bits. Every count of a stream is at most the images times the sum of
/// what one image takes by itself; the sum is made in floating point, which cannot wrap.
void check_countable(const Configuration& configuration, const std::vector<LayerWidths>& widths,
                     std::uint64_t images) {
  double cycles = 0;
  double bits = 0;
  int beat_width = configuration.input_link_width;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const LayerConfiguration& layer = configuration.layers[i];
    const LayerCost cost = layer_cost(layer, widths[i], beat_width);
    cycles += static_cast<double>(cost.latency_cycles);
    for (const MemoryStatistics& memory : cost.memories) {
      bits += static_cast<double>(memory.reads.bits) + static_cast<double>(memory.writes.bits);
    }
    beat_width = layer.output_beat_width();
  }
  const double stalls = cycles * kControllers * static_cast<double>(widths.size());
  constexpr double kMost = 9e18;
  if ((stalls + bits) * static_cast<double>(images) < kMost) return;
  throw InputError(
      fmt::format("the counts of {} images do not fit in 63 bits; give fewer --images", images));
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
  static const std::vector<Metric> all = [] {
    std::vector<Metric> list;
    for (const Count& count : counts()) list.push_back({count.name, count.name, Better::less});
    const std::vector<Metric> derived{
        {"energy", "energy", Better::less},
        {"clock_period_ns", "clock_period_ns", Better::less},
        {"cycles_per_image", "CAST(cycles AS REAL) / images", Better::less},
        {"latency_ns", "latency_cycles * clock_period_ns", Better::less},
        {"energy_per_image", "energy / images", Better::less},
        {"accuracy", kAccuracy, Better::more},
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

Figures figures_of(const Configuration& configuration, const std::vector<LayerWidths>& widths,
                   const RunStatistics& run, std::uint64_t latency_cycles,
                   const std::optional<EnergySetting>& energy) {
  Figures figures;
  figures.cycles = run.cycles;
  figures.latency_cycles = latency_cycles;
  int beat_width = configuration.input_link_width;
  for (std::size_t i = 0; i < run.layers.size(); ++i) {
    const LayerConfiguration& layer = configuration.layers[i];
    const LayerCost cost = layer_cost(layer, widths[i], beat_width);
    figures.operations += cost.operations;
    figures.multipliers += cost.multipliers;
    figures.accumulators += cost.accumulators;
    add_measured(figures, run.layers[i]);
    beat_width = layer.output_beat_width();
  }
  if (energy) {
    figures.energy = run_energy(configuration, widths, run, energy->table, energy->weights).total();
  }
  return figures;
}

Figures predict_figures(const Configuration& configuration, const std::vector<LayerWidths>& widths,
                        std::uint64_t images, const std::optional<EnergySetting>& energy) {
  check_countable(configuration, widths, images);
  const RunStatistics run = predict(configuration, widths, images);
  const std::uint64_t latency = images == 1 ? run.cycles : predict(configuration, widths, 1).cycles;
  return figures_of(configuration, widths, run, latency, energy);
}

}  // namespace cfc::explore
