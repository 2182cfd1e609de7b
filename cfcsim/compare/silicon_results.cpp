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

}  // namespace

json silicon_json(const ScheduleRun& run) {
  if (!run.silicon) return nullptr;
  return {{"period_ns", run.silicon->period_ns()},
          {"origin", to_string(run.silicon->origin())},
          {"slowest_layer", slowest_layer(run)},
          {"longest_path", longest_path(run)},
          {"time_ns", run.time_ns()},
          {"cells_um2", run.silicon->cells_um2()},
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
      {"cells, um2", fmt::format("{:.0f}", silicon.cells_um2())}};
  const std::vector<MetricLine> products = energy_delay_lines(run, unit);
  lines.insert(lines.end(), products.begin(), products.end());
  return lines;
}

}  // namespace cfc
