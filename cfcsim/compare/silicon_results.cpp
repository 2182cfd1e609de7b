#include "cfcsim/compare/silicon_results.h"

#include <fmt/format.h>

namespace cfc {
namespace {

using nlohmann::json;

/// Of one image, by where the weights are, in units of the table x ns.
json energy_delay_json(const ScheduleRun& run) {
  if (!run.energy) return nullptr;
  return {{"on_chip", run.energy_delay(run.energy->on_chip)},
          {"from_dram", run.energy_delay(run.energy->from_dram)}};
}

/// The layer that sets the clock, with the name that it has in the network.
std::string slowest_layer(const ScheduleRun& run) {
  return run.workload.layers[run.silicon->slowest_layer].name;
}

const std::string& longest_path(const ScheduleRun& run) {
  return run.silicon->layers[run.silicon->slowest_layer].longest_path;
}

std::vector<MetricLine> energy_delay_lines(const ScheduleRun& run, const std::string& unit) {
  if (!run.energy) return {};
  constexpr double kNsPerUs = 1000;
  const auto cell = [&](const explore::RunEnergy& energy) {
    return fmt::format("{:.1f} {} us", run.energy_delay(energy) / kNsPerUs, unit);
  };
  return {{"energy x delay on chip", cell(run.energy->on_chip)},
          {"energy x delay from DRAM", cell(run.energy->from_dram)}};
}

/// Of an image; null where the technology has no energies.
json image_energy_json(const ScheduleRun& run) {
  const auto energy = run.image_energy();
  if (!energy) return nullptr;
  return {{"origin", to_string(explore::Origin::fitted)},
          {"clock_pj", energy->clock_pj},
          {"switching_pj", energy->switching_pj},
          {"macros_pj", energy->macros_pj},
          {"total_pj", energy->total_pj()},
          {"delay_pj_ns", energy->total_pj() * run.time_ns()}};
}

std::vector<MetricLine> image_energy_lines(const ScheduleRun& run) {
  const auto energy = run.image_energy();
  if (!energy) return {};
  constexpr double kPjPerNj = 1000;
  constexpr double kPjNsPerNjUs = 1e6;
  return {{"clock + cells + memories, nJ",
           fmt::format("{:.1f} + {:.1f} + {:.1f} = {:.1f} (fitted)", energy->clock_pj / kPjPerNj,
                       energy->switching_pj / kPjPerNj, energy->macros_pj / kPjPerNj,
                       energy->total_pj() / kPjPerNj)},
          {"that x time, nJ us",
           fmt::format("{:.1f}", energy->total_pj() * run.time_ns() / kPjNsPerNjUs)}};
}

}  // namespace

json silicon_json(const ScheduleRun& run) {
  if (!run.silicon) return nullptr;
  return {{"period_ns", run.silicon->period_ns()},
          {"origin", to_string(run.silicon->origin())},
          {"slowest_layer", slowest_layer(run)},
          {"longest_path", longest_path(run)},
          {"time_ns", run.time_ns()},
          {"cells_um2", run.silicon->cells_um2()},
          {"macros_um2", run.silicon->macros_um2()},
          {"area_um2", run.silicon->area_um2()},
          {"energy", image_energy_json(run)},
          {"energy_delay", energy_delay_json(run)}};
}

std::vector<MetricLine> silicon_lines(const ScheduleRun& run, const std::string& unit) {
  if (!run.silicon) return {};
  const explore::Silicon& silicon = *run.silicon;
  const double period = silicon.period_ns();
  std::vector<MetricLine> lines{
      {"period in cells, ns", fmt::format("{:.2f} ({})", period, to_string(silicon.origin()))},
      {"longest path", slowest_layer(run) + ' ' + longest_path(run)},
      {"time of an image, ns",
       fmt::format("{:.1f} x {:.2f} = {:.1f}", run.cycles_per_image(), period, run.time_ns())},
      {"cells + memories, um2", fmt::format("{:.0f} + {:.0f} = {:.0f}", silicon.cells_um2(),
                                            silicon.macros_um2(), silicon.area_um2())}};
  for (const auto& more : {image_energy_lines(run), energy_delay_lines(run, unit)}) {
    lines.insert(lines.end(), more.begin(), more.end());
  }
  return lines;
}

}  // namespace cfc
