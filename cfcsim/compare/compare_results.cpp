#include "cfcsim/compare/compare_results.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cfcsim/compare/silicon_results.h"
#include "testbench/serialisation.h"

namespace cfc {
namespace {

using nlohmann::json;

LayerRun layer_run(const ScheduleRun& run, std::size_t i) {
  LayerRun layer{run.configuration.layers[i], run.statistics.layers[i], run.statistics.images,
                 &run.workload.layers[i].widths};
  if (run.silicon) {
    layer.silicon = &run.silicon->layers[i];
    layer.period_ns = run.silicon->period_ns();
  }
  if (!run.energy) return layer;
  layer.on_chip = &run.energy->on_chip.layers[i];
  layer.from_dram = &run.energy->from_dram.layers[i];
  layer.links_priced = run.energy->on_chip.links_priced;
  return layer;
}

/// The layers as `verify` gives them, and what only a comparison says of them.
json layers_of(const ScheduleRun& run) {
  json layers = json::array();
  for (std::size_t i = 0; i < run.workload.layers.size(); ++i) {
    const explore::WorkloadLayer& layer = run.workload.layers[i];
    layers.push_back(layer_json(layer.name, layer_run(run, i), kInResults | kInComparisons));
    layers.back()["vectors"] = layer.vectors;
    layers.back()["repeat"] = layer.repeat;
  }
  return layers;
}

/// Of one image, by where the weights are.
json energy_json(const ScheduleRun& run) {
  if (!run.energy) return nullptr;
  const auto images = static_cast<double>(run.statistics.images);
  return {{"on_chip", run.energy->on_chip.total() / images},
          {"from_dram", run.energy->from_dram.total() / images}};
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
  json mismatches;
  json timing_model_agrees;
  if (run.simulated) {
    mismatches = run.simulated->verdict.mismatches;
    timing_model_agrees = run.simulated->timing_model_agrees;
  }
  json document = {
      {"obtained", run.simulated ? "simulated" : "timing model"},
      {"images", run.statistics.images},
      {"mismatches", mismatches},
      {"timing_model_agrees", timing_model_agrees},
      {"cycles", {{"total", run.statistics.cycles}, {"per_image_mean", run.cycles_per_image()}}},
      {"latency_cycles", run.latency_cycles},
      {"latency_ns", run.latency_ns()},
      {"images_per_second", run.images_per_second()},
      {"energy_per_image", energy_json(run)},
      {"silicon", silicon_json(run)},
      {"layers", layers_of(run)},
      {"timeline", timeline_json(run.timeline)},
      {"scorecard", scorecard(run, comparison.reports)}};
  document.update(machine_json(run.configuration));
  return document;
}

json schedules_json(const ScheduleRuns& runs, const Comparison& comparison) {
  json schedules;
  for (const ScheduleRun& run : runs) {
    schedules[to_string(run.schedule)] = run_json(run, comparison);
  }
  return schedules;
}

json table_json(const std::optional<Prices>& prices) {
  if (!prices) return nullptr;
  const explore::EnergyTable& table = prices->table;
  json rows = json::array();
  for (const explore::EnergyRow& row : table.rows()) {
    rows.push_back(
        {{"item", row.item}, {"bits", row.bits}, {"energy", row.energy}, {"source", row.source}});
    if (row.capacity_bits) rows.back()["capacity_bits"] = *row.capacity_bits;
    if (row.words) rows.back()["words"] = *row.words;
    if (row.energy_upper) rows.back()["energy_upper"] = *row.energy_upper;
  }
  json document{{"name", table.name()},
                {"unit", table.unit()},
                {"file", prices->file.filename().string()},
                {"bank_bits", table.bank_bits() ? json(*table.bank_bits()) : json()},
                {"rows", rows}};
  if (const auto& words = table.word_prices()) {
    document["words"] = {{"bank_words", words->most_words()},
                         {"bank_bits", words->most_bits()},
                         {"mean_error", words->mean_error()},
                         {"max_error", words->max_error()}};
  }
  return document;
}

/// A line of the table: a name and a cell for each schedule.
template <typename Cell>
std::string line(const std::string& name, const ScheduleRuns& runs, const Cell& cell) {
  std::string text = fmt::format("  {:<26}", name);
  for (const ScheduleRun& run : runs) text += fmt::format("  {:>30}", cell(run));
  return text + '\n';
}

using LinesBySchedule = std::map<Schedule, std::vector<MetricLine>>;

/// A line for what at least one of the schedules has.
std::string lines_text(const ScheduleRuns& runs, LinesBySchedule lines) {
  using Run = const ScheduleRun&;
  std::string text;
  for (std::size_t k = 0; k < lines.begin()->second.size(); ++k) {
    const auto cell = [&](Run run) { return lines[run.schedule][k].cell; };
    if (std::none_of(runs.begin(), runs.end(), cell)) continue;
    text += line(lines.begin()->second[k].title, runs,
                 [&](Run run) { return cell(run).value_or("-"); });
  }
  return text;
}

std::string layer_text(const ScheduleRuns& runs, std::size_t i, const std::string& unit) {
  LinesBySchedule lines;
  for (const ScheduleRun& run : runs) lines[run.schedule] = metric_lines(layer_run(run, i), unit);
  return line("", runs, [](const ScheduleRun& run) { return to_string(run.schedule); }) +
         lines_text(runs, std::move(lines));
}

/// The lines of energy of the whole network; none without prices.
std::string energy_text(const ScheduleRuns& runs, const std::string& unit) {
  if (!runs.front().energy) return "";
  using Run = const ScheduleRun&;
  const auto cell = [](Run run, const explore::RunEnergy& energy) {
    return fmt::format("{:.1f}", energy.total() / static_cast<double>(run.statistics.images));
  };
  return line("energy on chip, " + unit, runs,
              [&](Run run) { return cell(run, run.energy->on_chip); }) +
         line("energy from DRAM, " + unit, runs,
              [&](Run run) { return cell(run, run.energy->from_dram); });
}

/// What standard cells make of the whole network; nothing without any.
std::string silicon_text(const ScheduleRuns& runs, const std::string& unit) {
  LinesBySchedule lines;
  for (const ScheduleRun& run : runs) lines[run.schedule] = silicon_lines(run, unit);
  return lines_text(runs, std::move(lines));
}

/// Of the clock that images/s and latency count in.
std::string clock_cell(const ScheduleRun& run) {
  return fmt::format("{} ({})", run.configuration.clock_period_ns,
                     to_string(run.configuration.clock_origin));
}

std::string network_text(const ScheduleRuns& runs, const std::string& unit) {
  using Run = const ScheduleRun&;
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
         line("clock, ns", runs, clock_cell) +
         line("images/s", runs,
              [](Run run) { return fmt::format("{:.0f}", run.images_per_second()); }) +
         line("latency, ns", runs,
              [](Run run) { return fmt::format("{:.0f}", run.latency_ns()); }) +
         energy_text(runs, unit) + silicon_text(runs, unit);
}

/// What a layer is, and of what its figures are.
std::string layer_heading(const explore::WorkloadLayer& layer) {
  const LayerShape& shape = layer.shape;
  const std::string what = fmt::format("{}: {} x {}, r {}", layer.name, shape.m, shape.n, *shape.r);
  if (layer.vectors * layer.repeat == 1) return what + ", for one image\n";
  return fmt::format(
      "{}, {} vectors through {} such layers for one image; operations, cycles and "
      "utilisation are of one vector in one layer\n",
      what, layer.vectors, layer.repeat);
}

std::string runs_text(const ScheduleRuns& runs, const Comparison& comparison) {
  std::string text;
  const auto& prices = comparison.task.prices;
  const std::string unit = prices ? prices->table.unit() : "";
  const explore::Workload& workload = comparison.task.workload;
  for (std::size_t i = 0; i < workload.layers.size(); ++i) {
    if (!workload.layers[i].shape.r) continue;
    text += layer_heading(workload.layers[i]) + layer_text(runs, i, unit) + '\n';
  }
  return text + network_text(runs, unit);
}

/// The memories that are larger than the largest that the table prices.
std::string banks_text(const Comparison& comparison) {
  const auto& prices = comparison.task.prices;
  std::set<std::string> larger;
  for (const ScheduleRun& run : comparison.as_configured) {
    const auto banked = explore::banked_memories(run.configuration, run.workload, prices->table);
    larger.insert(banked.begin(), banked.end());
  }
  if (larger.empty()) return "";
  return fmt::format("priced as {}: {}\n", bank_text(prices->table), fmt::join(larger, ", "));
}

std::string prices_text(const Comparison& comparison) {
  const auto& prices = comparison.task.prices;
  if (!prices) return "energy: no table\n";
  return fmt::format(
             "energy: table {} ({}), dynamic only; from DRAM: weights fetched once for {} "
             "image(s)\n",
             prices->table.name(), prices->file.filename().string(), comparison.task.batch) +
         banks_text(comparison);
}

/// What is compared on which machine, and how its values came about.
std::string subject_text(const Comparison& comparison) {
  const Manifest& manifest = comparison.manifest;
  const std::string head = fmt::format("{} on {}, {} images", manifest.name(),
                                       manifest.config_source, comparison.task.images);
  if (const auto* workload = std::get_if<WorkloadSource>(&manifest.subject)) {
    const char* values =
        workload->seed ? "random weights and inputs" : "timing model only, there are no weights";
    return fmt::format("{} (inferences); {}\nshapes: {}\n", head, values, workload->source);
  }
  return fmt::format("{}; dense: {}\n", head,
                     comparison.dense_network
                         ? comparison.dense_network->file
                         : "timing model only, the uncompressed weights are not given");
}

/// A figure as people read it.
std::string figure_text(const json& value) {
  if (value.is_null()) return "-";
  if (value.is_number_float()) return fmt::format("{:.4g}", value.get<double>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// The figure of a metric, and where it is from, if it says that.
std::string figure_text(const json& metric, const std::string& name) {
  const std::string from = metric.value("/from" + name, "");
  return figure_text(metric.value(name, json())) + (from.empty() ? "" : " (" + from + ')');
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
      if (name == "/metric" || name == "/obtained" || name.rfind("/from/", 0) == 0) continue;
      text += line(name.substr(1), runs, [&](Run run) { return figure_text(figures(run), name); });
    }
  }
  return text;
}

}  // namespace

json compare_json(const Comparison& comparison) {
  const auto& dense = comparison.dense_network;
  json document = {{"schema", "cfcsim.compare/1"},
                   {"images", comparison.task.images},
                   {"dense_network", dense ? json(dense->file) : json()},
                   {"dense_network_sha256", dense ? json(dense->sha256) : json()},
                   {"energy_table", table_json(comparison.task.prices)},
                   {"batch", comparison.task.batch},
                   {"technology", nullptr},  // the manifest has one, if any
                   {"schedules", schedules_json(comparison.as_configured, comparison)},
                   {"equal_bandwidth",
                    {{"budget_bits_per_cycle", comparison.budgets},
                     {"schedules", schedules_json(comparison.equal_bandwidth, comparison)}}}};
  document.update(manifest_json(comparison.manifest));
  return document;
}

std::string compare_text(const Comparison& comparison) {
  std::string budgets;
  for (const std::uint64_t budget : comparison.budgets) budgets += fmt::format(" {}", budget);
  return subject_text(comparison) + prices_text(comparison) +
         technology_text(comparison.manifest.technology) +
         "\nAS CONFIGURED: not the same multipliers in all three\n\n" +
         runs_text(comparison.as_configured, comparison) +
         "\nEQUAL BANDWIDTH: lanes that keep each layer's peak in Run within" + budgets +
         " bits a cycle (beats of links do not count)\n\n" +
         runs_text(comparison.equal_bandwidth, comparison) + '\n' + scorecard_text(comparison);
}

}  // namespace cfc
