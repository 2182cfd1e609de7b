#include "cfcsim/compare/scorecard.h"

#include <algorithm>
#include <iterator>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "explore/cost/layer_cost.h"
#include "support/error.h"
#include "support/whole_file.h"

namespace cfc {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxReportMib = 16;

/// A metric's figures, and how they were obtained.
json entry(const std::string& metric, const std::string& obtained, json figures) {
  figures["metric"] = metric;
  figures["obtained"] = obtained;
  return figures;
}

std::string simulated_or_computed(const ScheduleRun& run) {
  return run.simulated ? "measured in the SystemC model" : "computed by the timing model";
}

json accuracy(const ScheduleRun& run) {
  if (!run.simulated) {
    return entry("accuracy", "not known: these weights are not given", {{"fraction", nullptr}});
  }
  const Verdict& verdict = run.simulated->verdict;
  const auto fraction = verdict.accuracy();
  if (!fraction) return entry("accuracy", "not known: no labels", {{"fraction", nullptr}});
  return entry("accuracy", simulated_or_computed(run),
               {{"fraction", *fraction}, {"images", verdict.images}});
}

/// Where the clock is from that images/s and latency count in.
std::string clock_from(const ScheduleRun& run) { return to_string(run.configuration.clock_origin); }

json throughput(const ScheduleRun& run) {
  json figures = {{"images_per_second", run.images_per_second()},
                  {"clock_period_ns", run.configuration.clock_period_ns},
                  {"period_ns", nullptr},
                  {"time_ns", nullptr}};
  figures["from"] = {{"images_per_second", clock_from(run)}, {"clock_period_ns", clock_from(run)}};
  if (run.silicon) {
    const std::string from = to_string(run.silicon->origin());
    figures["period_ns"] = run.silicon->period_ns();
    figures["time_ns"] = run.time_ns();
    figures["from"].update({{"period_ns", from}, {"time_ns", from}});
  }
  return entry("throughput", simulated_or_computed(run), figures);
}

json latency(const ScheduleRun& run) {
  return entry("latency", "computed by the timing model: one image alone",
               {{"cycles", run.latency_cycles},
                {"ns", run.latency_ns()},
                {"from", {{"ns", clock_from(run)}}}});
}

/// A picojoule a nanosecond is a milliwatt.
json power_mw(const explore::RunEnergy& energy, const ScheduleRun& run) {
  if (energy.unit != "pJ") return nullptr;
  const double ns = static_cast<double>(run.statistics.cycles) * run.configuration.clock_period_ns;
  return energy.total() / ns;
}

json from_of_energy(const ScheduleRun& run) {
  const std::string of_power = "table, " + clock_from(run);
  return {{"on_chip_per_image", "table"},
          {"from_dram_per_image", "table"},
          {"on_chip_power_mw", of_power},
          {"from_dram_power_mw", of_power}};
}

/// What standard cells and macros take, whatever the table says; null where that is not known.
void add_silicon_energy(json& figures, const ScheduleRun& run) {
  const auto energy = run.image_energy();
  figures["silicon_pj_per_image"] = energy ? json(energy->total_pj()) : json();
  figures["silicon_delay_pj_ns"] = energy ? json(energy->total_pj() * run.time_ns()) : json();
  if (!energy) return;
  for (const char* name : {"silicon_pj_per_image", "silicon_delay_pj_ns"})
    figures["from"][name] = to_string(explore::Origin::fitted);
}

json energy_and_power(const ScheduleRun& run) {
  if (!run.energy) {
    json figures = {{"table", nullptr}};
    add_silicon_energy(figures, run);
    return entry("energy and power", "not known: no energy table", figures);
  }
  const auto images = static_cast<double>(run.statistics.images);
  const auto& [on_chip, from_dram] = *run.energy;
  json figures = {{"table", on_chip.table},
                  {"unit", on_chip.unit},
                  {"on_chip_per_image", on_chip.total() / images},
                  {"from_dram_per_image", from_dram.total() / images},
                  {"on_chip_power_mw", power_mw(on_chip, run)},
                  {"from_dram_power_mw", power_mw(from_dram, run)},
                  {"from", from_of_energy(run)}};
  add_silicon_energy(figures, run);
  return entry("energy and power", "computed: counted accesses times table prices, dynamic only",
               figures);
}

void add_cells(json& figures, const ScheduleRun& run) {
  if (!run.silicon) return;
  figures["cells_um2"] = run.silicon->cells_um2();
  figures["macros_um2"] = run.silicon->macros_um2();
  figures["area_um2"] = run.silicon->area_um2();
  figures["from"] = {{"cells_um2", to_string(run.silicon->origin())},
                     {"macros_um2", "fitted"},
                     {"area_um2", "fitted"}};
}

json hardware_cost(const ScheduleRun& run, const SynthesisReports& reports) {
  std::uint64_t multipliers = 0;
  std::uint64_t accumulators = 0;
  std::uint64_t memory_bits = 0;
  std::uint64_t requantisation_multipliers = 0;
  int requantisation_bits = 0;
  for (std::size_t i = 0; i < run.workload.layers.size(); ++i) {
    const LayerConfiguration& layer = run.configuration.layers[i];
    const explore::LayerCost cost = explore::layer_cost(layer, run.workload.layers[i].widths, 1);
    multipliers += cost.multipliers;
    accumulators += cost.accumulators;
    const int bits = run.workload.layers[i].requantisation_bits;
    if (bits > 0) requantisation_multipliers += cost.activation_lanes;
    requantisation_bits = std::max(requantisation_bits, bits);
    for (std::size_t id = 0; id < explore::kMemories; ++id) {
      memory_bits +=
          explore::capacity_bits(layer, run.workload.layers[i], static_cast<explore::MemoryId>(id));
    }
  }
  json figures = {{"multipliers", multipliers},
                  {"accumulators", accumulators},
                  {"memory_bits", memory_bits},
                  {"requantisation_multipliers", requantisation_multipliers},
                  {"requantisation_multiplier_bits", requantisation_bits},
                  {"cells_um2", nullptr},
                  {"macros_um2", nullptr},
                  {"area_um2", nullptr},
                  {"synthesis", nullptr}};
  add_cells(figures, run);
  const auto report = reports.find(run.schedule);
  if (report == reports.end()) {
    return entry("hardware cost", "computed from the configuration; no synthesis report", figures);
  }
  const SynthesisReport& found = report->second;
  figures["synthesis"] = {{"file", found.file},
                          {"cells", found.cells},
                          {"multipliers", found.multipliers},
                          {"registers", found.registers},
                          {"block_rams", found.block_rams},
                          {"memory_bits", found.memory_bits}};
  return entry("hardware cost", "computed from the configuration; synthesised by Yosys", figures);
}

/// How evenly layers of different shapes use the multipliers.
json flexibility(const ScheduleRun& run) {
  double lowest = 1;
  double sum = 0;
  for (std::size_t i = 0; i < run.workload.layers.size(); ++i) {
    const double used =
        explore::layer_cost(run.configuration.layers[i], run.workload.layers[i].widths, 1)
            .utilisation();
    lowest = std::min(lowest, used);
    sum += used;
  }
  return entry("flexibility", "computed: utilisation over this network's layer shapes",
               {{"mean_utilisation", sum / static_cast<double>(run.workload.layers.size())},
                {"lowest_utilisation", lowest}});
}

std::uint64_t compute_cycles_with(const ScheduleRun& run, int (*lanes)(int)) {
  std::uint64_t cycles = 0;
  for (std::size_t i = 0; i < run.workload.layers.size(); ++i) {
    LayerConfiguration layer = run.configuration.layers[i];
    layer.lanes_u = lanes(layer.lanes_u);
    layer.lanes_v = lanes(layer.lanes_v);
    cycles += explore::layer_cost(layer, run.workload.layers[i].widths, 1).compute_cycles;
  }
  return cycles;
}

/// What the second half of the lanes is worth: 2 would be all that they could give.
json scalability(const ScheduleRun& run) {
  const auto halved = compute_cycles_with(run, [](int lanes) { return (lanes + 1) / 2; });
  const auto now = compute_cycles_with(run, [](int lanes) { return lanes; });
  return entry(
      "scalability", "computed: compute cycles with half the lanes over those with all",
      {{"speedup_of_doubled_lanes", static_cast<double>(halved) / static_cast<double>(now)}});
}

}  // namespace

SynthesisReport read_synthesis_report(const std::filesystem::path& file) {
  std::istringstream in(read_whole_file(file, "give what scripts/synth prints", kMaxReportMib));
  SynthesisReport report;
  report.file = file.filename().string();
  const std::string columns = "block cells multipliers registers block RAMs memory bits";
  bool in_table = false;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    const std::vector<std::string> found{std::istream_iterator<std::string>(words), {}};
    in_table = in_table || fmt::format("{}", fmt::join(found, " ")) == columns;
    if (!in_table || found.empty() || found.front() != "all") continue;
    std::istringstream sums(line.substr(line.find("all") + 3));
    if (sums >> report.cells >> report.multipliers >> report.registers >> report.block_rams >>
        report.memory_bits) {
      return report;
    }
    break;
  }
  throw InputError(
      fmt::format("{}: is no whole table of scripts/synth; give what it prints", file.string()));
}

json scorecard(const ScheduleRun& run, const SynthesisReports& reports) {
  return json::array({accuracy(run), throughput(run), latency(run), energy_and_power(run),
                      hardware_cost(run, reports), flexibility(run), scalability(run)});
}

}  // namespace cfc
