#include "cfcsim/compare/compare_results.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "testbench/serialisation.h"

namespace cfc {
namespace {

using nlohmann::json;

LayerRun layer_run(const ScheduleRun& run, std::size_t i) {
  return {run.configuration.layers[i], run.statistics.layers[i],
          run.statistics.images,       &run.widths[i],
          &run.on_chip.layers[i],      &run.from_dram.layers[i],
          run.on_chip.links_priced};
}

/// The layers as `verify` gives them, and what only a comparison says of them.
json layers_of(const ScheduleRun& run, const golden::Network& names) {
  json layers = json::array();
  for (std::size_t i = 0; i < run.widths.size(); ++i) {
    layers.push_back(
        layer_json(names.layers[i].name, layer_run(run, i), kInResults | kInComparisons));
  }
  return layers;
}

json timeline_json(const std::vector<StateSpan>& timeline) {
  json spans = json::array();
  for (const StateSpan& span : timeline) {
    spans.push_back({{"layer", span.layer},
                     {"controller", span.controller},
                     {"state", span.state},
                     {"first_cycle", span.first},
                     {"last_cycle", span.last}});
  }
  return spans;
}

json run_json(const ScheduleRun& run, const Comparison& comparison) {
  const auto images = static_cast<double>(run.statistics.images);
  json mismatches;
  json timing_model_agrees;
  if (run.simulated) {
    mismatches = run.simulated->verdict.mismatches;
    timing_model_agrees = run.simulated->timing_model_agrees;
  }
  return {
      {"obtained", run.simulated ? "simulated" : "timing model"},
      {"images", run.statistics.images},
      {"mismatches", mismatches},
      {"timing_model_agrees", timing_model_agrees},
      {"cycles", {{"total", run.statistics.cycles}, {"per_image_mean", run.cycles_per_image()}}},
      {"latency_cycles", run.latency_cycles},
      {"latency_ns", run.latency_ns()},
      {"images_per_second", run.images_per_second()},
      {"energy_per_image",
       {{"on_chip", run.on_chip.total() / images}, {"from_dram", run.from_dram.total() / images}}},
      {"layers", layers_of(run, comparison.task.subject.network)},
      {"timeline", timeline_json(run.timeline)},
      {"scorecard", scorecard(run, comparison.reports)},
      {"config", configuration_json(run.configuration)}};
}

json schedules_json(const ScheduleRuns& runs, const Comparison& comparison) {
  json schedules;
  for (const ScheduleRun& run : runs) {
    schedules[to_string(run.schedule)] = run_json(run, comparison);
  }
  return schedules;
}

json table_json(const Prices& prices) {
  const explore::EnergyTable& table = prices.table;
  json rows = json::array();
  for (const explore::EnergyRow& row : table.rows()) {
    rows.push_back(
        {{"item", row.item}, {"bits", row.bits}, {"energy", row.energy}, {"source", row.source}});
    if (row.capacity_bits) rows.back()["capacity_bits"] = *row.capacity_bits;
    if (row.energy_upper) rows.back()["energy_upper"] = *row.energy_upper;
  }
  return {{"name", table.name()},
          {"unit", table.unit()},
          {"file", prices.file.filename().string()},
          {"rows", rows}};
}

/// A line of the table: a name and a cell for each schedule.
template <typename Cell>
std::string line(const std::string& name, const ScheduleRuns& runs, const Cell& cell) {
  std::string text = fmt::format("  {:<26}", name);
  for (const ScheduleRun& run : runs) text += fmt::format("  {:>30}", cell(run));
  return text + '\n';
}

/// A line for what at least one of the schedules has.
std::string layer_text(const ScheduleRuns& runs, std::size_t i, const std::string& unit) {
  std::map<Schedule, std::vector<MetricLine>> lines;
  for (const ScheduleRun& run : runs) lines[run.schedule] = metric_lines(layer_run(run, i), unit);
  using Run = const ScheduleRun&;
  std::string text = line("", runs, [](Run run) { return to_string(run.schedule); });
  for (std::size_t k = 0; k < lines.begin()->second.size(); ++k) {
    const auto cell = [&](Run run) { return lines[run.schedule][k].cell; };
    if (std::none_of(runs.begin(), runs.end(), cell)) continue;
    text += line(lines.begin()->second[k].title, runs,
                 [&](Run run) { return cell(run).value_or("-"); });
  }
  return text;
}

std::string network_text(const ScheduleRuns& runs, const std::string& unit) {
  using Run = const ScheduleRun&;
  const auto images = [](Run run) { return static_cast<double>(run.statistics.images); };
  return "whole network, for one image\n" +
         line("", runs, [](Run run) { return to_string(run.schedule); }) +
         line("obtained", runs,
              [](Run run) { return run.simulated ? "simulated" : "timing model only"; }) +
         line("mismatches", runs,
              [](Run run) {
                return run.simulated ? std::to_string(run.simulated->verdict.mismatches.total())
                                     : "-";
              }) +
         line("cycles", runs,
              [](Run run) { return fmt::format("{:.1f}", run.cycles_per_image()); }) +
         line("images/s", runs,
              [](Run run) { return fmt::format("{:.0f}", run.images_per_second()); }) +
         line("latency, ns", runs,
              [](Run run) { return fmt::format("{:.0f}", run.latency_ns()); }) +
         line("energy on chip, " + unit, runs,
              [&](Run run) { return fmt::format("{:.1f}", run.on_chip.total() / images(run)); }) +
         line("energy from DRAM, " + unit, runs,
              [&](Run run) { return fmt::format("{:.1f}", run.from_dram.total() / images(run)); });
}

std::string runs_text(const ScheduleRuns& runs, const Comparison& comparison) {
  std::string text;
  const std::string& unit = comparison.task.prices.table.unit();
  const golden::Network& network = comparison.task.subject.network;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const golden::Layer& layer = network.layers[i];
    if (!layer.is_factorised()) continue;
    text += fmt::format("{}: {} x {}, r {}, for one image\n", layer.name, layer.inputs(),
                        layer.outputs(), *layer.rank());
    text += layer_text(runs, i, unit) + '\n';
  }
  return text + network_text(runs, unit);
}

/// A figure as people read it.
std::string figure_text(const json& value) {
  if (value.is_null()) return "-";
  if (value.is_number_float()) return fmt::format("{:.4g}", value.get<double>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// How a metric was obtained, and, where it differs, for which schedules.
template <typename Figures>
std::map<std::string, std::string> by_origin(const ScheduleRuns& runs, const Figures& figures) {
  std::map<std::string, std::string> origins;
  for (const ScheduleRun& run : runs) {
    std::string& schedules = origins[figures(run)["/obtained"].template get<std::string>()];
    schedules += (schedules.empty() ? ": " : ", ") + to_string(run.schedule);
  }
  if (origins.size() == 1) origins.begin()->second.clear();
  return origins;
}

std::string scorecard_text(const Comparison& comparison) {
  const ScheduleRuns& runs = comparison.as_configured;
  using Run = const ScheduleRun&;
  std::map<Schedule, json> cards;  // each metric flat: "/synthesis/cells"
  std::size_t metrics = 0;
  for (Run run : runs) {
    const json card = scorecard(run, comparison.reports);
    metrics = card.size();
    for (const json& metric : card) cards[run.schedule].push_back(metric.flatten());
  }

  std::string text = "SCORECARD (as configured)\n";
  text += line("", runs, [](Run run) { return to_string(run.schedule); });
  for (std::size_t i = 0; i < metrics; ++i) {
    const auto figures = [&](Run run) -> json& { return cards[run.schedule][i]; };
    std::set<std::string> names;
    for (Run run : runs) {
      for (const auto& [name, value] : figures(run).items()) {
        if (!value.is_null()) names.insert(name);
      }
    }
    text += figures(runs.front())["/metric"].get<std::string>() + '\n';
    for (const auto& [obtained, schedules] : by_origin(runs, figures)) {
      text += fmt::format("  {}{}\n", obtained, schedules);
    }
    for (const std::string& name : names) {
      if (name == "/metric" || name == "/obtained") continue;
      text += line(name.substr(1), runs,
                   [&](Run run) { return figure_text(figures(run).value(name, json())); });
    }
  }
  return text;
}

}  // namespace

json compare_json(const Comparison& comparison) {
  const DenseTwin* dense = comparison.task.dense;
  json document = {{"schema", "cfcsim.compare/1"},
                   {"images", comparison.task.subject.images},
                   {"dense_network", dense ? json(dense->file) : json()},
                   {"dense_network_sha256", dense ? json(dense->sha256) : json()},
                   {"energy_table", table_json(comparison.task.prices)},
                   {"batch", comparison.task.batch},
                   {"schedules", schedules_json(comparison.as_configured, comparison)},
                   {"equal_bandwidth",
                    {{"budget_bits_per_cycle", comparison.budgets},
                     {"schedules", schedules_json(comparison.equal_bandwidth, comparison)}}}};
  document.update(manifest_json(comparison.task.subject.manifest));
  return document;
}

std::string compare_text(const Comparison& comparison) {
  std::string budgets;
  for (const std::uint64_t budget : comparison.budgets) budgets += fmt::format(" {}", budget);
  const std::string table = fmt::format(
      "energy: table {} ({}), dynamic only; from DRAM: weights fetched once for {} image(s)\n",
      comparison.task.prices.table.name(), comparison.task.prices.file.filename().string(),
      comparison.task.batch);
  return fmt::format(
             "{} on {}, {} images; dense: {}\n", comparison.task.subject.manifest.network_file,
             comparison.task.subject.manifest.config_source, comparison.task.subject.images,
             comparison.task.dense ? comparison.task.dense->file
                                   : "timing model only, the uncompressed weights are not given") +
         table + "\nAS CONFIGURED: not the same multipliers in all three\n\n" +
         runs_text(comparison.as_configured, comparison) +
         "\nEQUAL BANDWIDTH: lanes that keep each layer's peak in Run within" + budgets +
         " bits a cycle (beats of links do not count)\n\n" +
         runs_text(comparison.equal_bandwidth, comparison) + '\n' + scorecard_text(comparison);
}

}  // namespace cfc
