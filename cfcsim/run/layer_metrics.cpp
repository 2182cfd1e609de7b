#include "cfcsim/run/layer_metrics.h"

#include <fmt/format.h>

#include "explore/cost/layer_cost.h"
#include "explore/cost/roofline.h"

namespace cfc {
namespace {

using nlohmann::json;
using Run = const LayerRun&;
using Lines = std::vector<MetricLine>;

double mean(double sum, std::uint64_t images) { return sum / static_cast<double>(images); }

explore::LayerCost cost(Run run) { return explore::layer_cost(run.machine, *run.widths, 1); }

// ------------------------------------------------------------------------------------- memories

struct MemoryFigure {
  const char* key;
  const char* heading;  ///< for people; null: JSON only
  std::uint64_t (*value)(const MemoryStatistics&);
};

/// Counts of accesses, and then the peak.
constexpr MemoryFigure kMemoryCounts[] = {
    {"read_words", "read words", [](const MemoryStatistics& of) { return of.reads.words; }},
    {"read_elements", nullptr, [](const MemoryStatistics& of) { return of.reads.elements; }},
    {"read_bits", "read bits", [](const MemoryStatistics& of) { return of.reads.bits; }},
    {"write_words", "write words", [](const MemoryStatistics& of) { return of.writes.words; }},
    {"write_elements", nullptr, [](const MemoryStatistics& of) { return of.writes.elements; }},
    {"write_bits", "write bits", [](const MemoryStatistics& of) { return of.writes.bits; }}};
constexpr const char* kPeak = "peak_bits_per_cycle";
constexpr const char* kPeakTitle = "peak bits a cycle";
constexpr int kPeakWidth = 20;

json memories(Run run) {
  json all;
  for (const auto& [name, memory] : run.measured.memories) {
    for (const MemoryFigure& figure : kMemoryCounts) all[name][figure.key] = figure.value(memory);
    all[name][kPeak] = memory.peak_bits_per_cycle;
  }
  return all;
}

std::string words_elements_bits(const MemoryStatistics& memory, std::uint64_t images) {
  const AccessCounters& reads = memory.reads;
  const AccessCounters& writes = memory.writes;
  return fmt::format("{} / {} / {}", (reads.words + writes.words) / images,
                     (reads.elements + writes.elements) / images,
                     (reads.bits + writes.bits) / images);
}

Lines memory_lines(Run run) {
  Lines lines;
  for (std::size_t id = 0; id < explore::kMemories; ++id) {
    const std::string name = explore::name_of(static_cast<explore::MemoryId>(id));
    lines.push_back({name + ": words/elements/bits", {}});
    const auto memory = run.measured.memories.find(name);
    if (memory == run.measured.memories.end()) continue;
    lines.back().cell = words_elements_bits(memory->second, run.images);
  }
  return lines;
}

// --------------------------------------------------------------------------------------- stalls

/// The entries of the ledgers in which a controller waits for another block.
std::vector<Ledger::value_type> waits(const LayerStatistics& layer) {
  std::vector<Ledger::value_type> found;
  for (const auto& [controller, ledger] : layer.controllers) {
    for (const auto& entry : ledger) {
      if (entry.first.rfind("wait_", 0) == 0) found.push_back(entry);
    }
  }
  return found;
}

json stalls(Run run) {
  json all = json::object();
  for (const auto& [entry, cycles] : waits(run.measured)) all[entry] = cycles;
  return all;
}

Lines stall_lines(Run run) {
  std::string text;
  for (const auto& [entry, cycles] : waits(run.measured)) {
    text += fmt::format("{}{} {:.1f}", text.empty() ? "" : ", ", entry,
                        mean(static_cast<double>(cycles), run.images));
  }
  return {{"stalls, cycles", text.empty() ? "none" : text}};
}

// --------------------------------------------------------------------------- energy and roofline

json energy_of(const explore::LayerEnergy& energy, Run run) {
  json by_memory = json::object();
  for (std::size_t id = 0; id < explore::kMemories; ++id) {
    if (energy.memories[id] == 0) continue;
    by_memory[explore::name_of(static_cast<explore::MemoryId>(id))] =
        mean(energy.memories[id], run.images);
  }
  return {{"memories", by_memory},
          {"multiplies", mean(energy.multiplies, run.images)},
          {"adds", mean(energy.adds, run.images)},
          {"links", run.links_priced ? json(mean(energy.links, run.images)) : json()},
          {"dram", mean(energy.dram, run.images)},
          {"dram_upper", mean(energy.dram_upper, run.images)},
          {"total", mean(energy.total(), run.images)}};
}

json energy(Run run) {
  if (!run.on_chip) return nullptr;
  return {{"on_chip", energy_of(*run.on_chip, run)}, {"from_dram", energy_of(*run.from_dram, run)}};
}

Lines energy_lines(Run run) {
  if (!run.on_chip) return {{"energy on chip", {}}, {"energy from DRAM", {}}};
  return {{"energy on chip", fmt::format("{:.1f}", mean(run.on_chip->total(), run.images))},
          {"energy from DRAM", fmt::format("{:.1f}", mean(run.from_dram->total(), run.images))}};
}

const char* bound(const explore::Roofline& line) {
  return line.is_memory_bound ? "memories" : "multipliers";
}

json roofline(Run run) {
  const explore::Roofline line = explore::roofline(run.machine, *run.widths);
  return {{"operations_per_byte", line.operations_per_byte},
          {"bytes_per_cycle", line.bytes_per_cycle},
          {"peak_operations_per_cycle", line.peak_operations_per_cycle},
          {"attainable_operations_per_cycle", line.attainable_operations_per_cycle},
          {"operations_per_cycle", line.operations_per_cycle},
          {"bound", bound(line)}};
}

Lines roofline_lines(Run run) {
  const explore::Roofline line = explore::roofline(run.machine, *run.widths);
  return {
      {"roofline, ops a cycle", fmt::format("{:.0f} of {:.0f} ({})", line.operations_per_cycle,
                                            line.attainable_operations_per_cycle, bound(line))}};
}

// ------------------------------------------------------------------------------- standard cells

std::uint64_t compute_cycles(Run run) { return run.measured.run_cycles / run.measured.images; }

double compute_time_ns(Run run) { return static_cast<double>(compute_cycles(run)) * run.period_ns; }

json silicon(Run run) {
  if (!run.silicon) return nullptr;
  return {{"period_ns", run.silicon->period_ns},      {"longest_path", run.silicon->longest_path},
          {"origin", to_string(run.silicon->origin)}, {"compute_time_ns", compute_time_ns(run)},
          {"cells_um2", run.silicon->cells_um2()},    {"blocks_um2", run.silicon->blocks_um2},
          {"macros_um2", run.silicon->macros_um2()},  {"memories_um2", run.silicon->memories_um2}};
}

Lines silicon_lines(Run run) {
  if (!run.silicon) {
    return {{"longest path, ns", {}}, {"time in Run, ns", {}}, {"cells + memories, um2", {}}};
  }
  return {
      {"longest path, ns", fmt::format("{:.2f} {} ({})", run.silicon->period_ns,
                                       run.silicon->longest_path, to_string(run.silicon->origin))},
      {"time in Run, ns", fmt::format("{} x {:.2f} = {:.1f}", compute_cycles(run), run.period_ns,
                                      compute_time_ns(run))},
      {"cells + memories, um2",
       fmt::format("{:.0f} + {:.0f}", run.silicon->cells_um2(), run.silicon->macros_um2())}};
}

// ------------------------------------------------------------------------------- single numbers

std::uint64_t bits_read(Run run) {
  std::uint64_t bits = 0;
  for (const auto& [name, memory] : run.measured.memories) bits += memory.reads.bits;
  return bits;
}

Lines utilisation_lines(Run run) {
  return {{"utilisation", fmt::format("{:.1f} %", 100 * cost(run).utilisation())}};
}

}  // namespace

const std::vector<LayerMetric>& layer_metrics() {
  constexpr unsigned kEverywhere =
      kInResults | kInLayerTable | kInScheduleTable | kInComparisonTable | kInReport;
  constexpr unsigned kInEveryComparison = kInComparisons | kInComparisonTable;
  static const std::vector<LayerMetric> all{
      {"operations",
       "operations",
       "operations",
       "of one input vector, in the paper's count",
       kEverywhere,
       [](Run run) -> json { return run.machine.operations(); },
       {},
       12},
      {"compute_cycles",
       "compute cycles",
       "cycles",
       "of one input vector in Run",
       kEverywhere,
       [](Run run) -> json { return compute_cycles(run); },
       {},
       10,
       "cycles"},
      {"lanes_u", "lanes of U-MC", "multipliers", "as configured", kInComparisons,
       [](Run run) -> json { return run.machine.lanes_u; }},
      {"lanes_v", "lanes of V-MC", "multipliers", "as configured; null where the layer has none",
       kInComparisons,
       [](Run run) {
         return uses_factors(run.machine.schedule) ? json(run.machine.lanes_v) : json();
       }},
      {"multipliers",
       "multipliers",
       "multipliers",
       "lanes of all calculators",
       kInEveryComparison | kInScheduleTable,
       [](Run run) -> json { return cost(run).multipliers; },
       {},
       13},
      {"multiplications", "multiplications", "products", "of one input vector", kInComparisons,
       [](Run run) -> json { return cost(run).multiplications; }},
      {"utilisation", "utilisation", "1", "products per multiplier and cycle of Run",
       kInEveryComparison, [](Run run) -> json { return cost(run).utilisation(); },
       utilisation_lines},
      {"accumulators", "accumulators", "sums", "running sums held at a time", kInEveryComparison,
       [](Run run) -> json { return cost(run).accumulators; }},
      {"bits_read",
       "bits read",
       "bits",
       "from all memories in the run",
       kInScheduleTable,
       [](Run run) -> json { return bits_read(run); },
       {},
       16},
      {"memories", "memories", "", "accesses of each memory in the run, and its peak",
       kInResults | kInComparisonTable, memories, memory_lines},
      {kPeak,
       kPeakTitle,
       "bits",
       "most that all memories together move in a cycle",
       kEverywhere,
       [](Run run) -> json { return run.measured.peak_bits_per_cycle; },
       {},
       kPeakWidth},
      {"stalls", "stalls", "", "cycles of the run in which a controller waits for another block",
       kInResults | kInComparisonTable, stalls, stall_lines},
      {"controllers", "controllers", "", "where the cycles of each controller went", kInResults,
       [](Run run) { return json(run.measured.controllers); }},
      {"energy_per_image", "energy", "energy", "dynamic, by where the weights are",
       kInEveryComparison, energy, energy_lines},
      {"silicon", "standard cells", "", "longest path, time of one input vector in Run, and area",
       kInEveryComparison, silicon, silicon_lines},
      {"roofline", "roofline", "", "what memories and multipliers allow, and what is done",
       kInEveryComparison, roofline, roofline_lines}};
  return all;
}

json layer_metrics_json(Run layer, unsigned places) {
  json figures;
  for (const LayerMetric& metric : layer_metrics()) {
    if (metric.is_in(places)) figures[metric.key] = metric.value(layer);
  }
  return figures;
}

std::string metric_headings(MetricPlace table) {
  std::string text;
  for (const LayerMetric& metric : layer_metrics()) {
    if (!metric.is_in(table)) continue;
    text += fmt::format("{:>{}}", metric.heading ? metric.heading : metric.title, metric.width);
  }
  return text;
}

std::string metric_cells(Run layer, MetricPlace table) {
  std::string text;
  for (const LayerMetric& metric : layer_metrics()) {
    if (metric.is_in(table))
      text += fmt::format("{:>{}}", metric.value(layer).dump(), metric.width);
  }
  return text;
}

Lines metric_lines(Run layer, const std::string& energy_unit) {
  Lines lines;
  for (const LayerMetric& metric : layer_metrics()) {
    if (!metric.is_in(kInComparisonTable)) continue;
    const Lines own =
        metric.lines ? metric.lines(layer) : Lines{{metric.title, metric.value(layer).dump()}};
    for (MetricLine line : own) {
      if (metric.unit == std::string("energy")) line.title += ", " + energy_unit;
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

std::string memories_headings() {
  std::string text = fmt::format("{:<8}{:<8}", "layer", "memory");
  for (const MemoryFigure& figure : kMemoryCounts) {
    if (figure.heading) text += fmt::format("{:>14}", figure.heading);
  }
  return text + fmt::format("{:>{}}\n", kPeakTitle, kPeakWidth);
}

std::string memories_text(const std::string& layer, const LayerStatistics& measured,
                          std::uint64_t images) {
  std::string text;
  for (const auto& [name, memory] : measured.memories) {
    text += fmt::format("{:<8}{:<8}", layer, name);
    for (const MemoryFigure& figure : kMemoryCounts) {
      if (!figure.heading) continue;
      text += fmt::format("{:>14.1f}", mean(static_cast<double>(figure.value(memory)), images));
    }
    text += fmt::format("{:>{}}\n", memory.peak_bits_per_cycle, kPeakWidth);
  }
  return text;
}

}  // namespace cfc
