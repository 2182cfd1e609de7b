#include "cfcsim/compare/compare_results.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "explore/cost/roofline.h"

namespace cfc {
namespace {

using nlohmann::json;

json energy_json(const explore::LayerEnergy& energy, bool links_priced, double images) {
  json memories = json::object();
  for (std::size_t id = 0; id < explore::kMemories; ++id) {
    if (energy.memories[id] == 0) continue;
    memories[explore::name_of(static_cast<explore::MemoryId>(id))] = energy.memories[id] / images;
  }
  return {{"memories", memories},
          {"multiplies", energy.multiplies / images},
          {"adds", energy.adds / images},
          {"links", links_priced ? json(energy.links / images) : json()},
          {"dram", energy.dram / images},
          {"dram_upper", energy.dram_upper / images},
          {"total", energy.total() / images}};
}

json roofline_json(const explore::Roofline& line) {
  return {{"operations_per_byte", line.operations_per_byte},
          {"bytes_per_cycle", line.bytes_per_cycle},
          {"peak_operations_per_cycle", line.peak_operations_per_cycle},
          {"attainable_operations_per_cycle", line.attainable_operations_per_cycle},
          {"operations_per_cycle", line.operations_per_cycle},
          {"bound", line.is_memory_bound ? "memories" : "multipliers"}};
}

/// The layers as `verify` gives them, and what only a comparison says of them.
json layers_of(const ScheduleRun& run, const golden::Network& names) {
  json layers = layers_json(names, run.configuration, run.statistics);
  const auto images = static_cast<double>(run.statistics.images);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerConfiguration& machine = run.configuration.layers[i];
    const explore::LayerCost cost = explore::layer_cost(machine, run.widths[i], 1);
    const bool links_priced = run.on_chip.links_priced;
    layers[i].update(
        {{"lanes_u", machine.lanes_u},
         {"lanes_v", machine.schedule == Schedule::dense ? json() : json(machine.lanes_v)},
         {"multipliers", cost.multipliers},
         {"multiplications", cost.multiplications},
         {"utilisation", cost.utilisation()},
         {"accumulators", cost.accumulators},
         {"energy_per_image",
          {{"on_chip", energy_json(run.on_chip.layers[i], links_priced, images)},
           {"from_dram", energy_json(run.from_dram.layers[i], links_priced, images)}}},
         {"roofline", roofline_json(explore::roofline(machine, run.widths[i]))}});
  }
  return layers;
}

json mismatches_json(const Mismatches& mismatches) {
  return {{"z", mismatches.z},
          {"activations", mismatches.activations},
          {"logits", mismatches.logits},
          {"classes", mismatches.classes}};
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
    mismatches = mismatches_json(run.simulated->verdict.mismatches);
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
      {"layers", layers_of(run, comparison.task.networks.factorised)},
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

json table_json(const explore::EnergyTable& table, const std::string& file) {
  json rows = json::array();
  for (const explore::EnergyRow& row : table.rows()) {
    rows.push_back(
        {{"item", row.item}, {"bits", row.bits}, {"energy", row.energy}, {"source", row.source}});
    if (row.capacity_bits) rows.back()["capacity_bits"] = *row.capacity_bits;
    if (row.energy_upper) rows.back()["energy_upper"] = *row.energy_upper;
  }
  return {{"name", table.name()}, {"unit", table.unit()}, {"file", file}, {"rows", rows}};
}

/// A line of the table: a name and a cell for each schedule.
template <typename Cell>
std::string line(const std::string& name, const ScheduleRuns& runs, const Cell& cell) {
  std::string text = fmt::format("  {:<26}", name);
  for (const ScheduleRun& run : runs) text += fmt::format("  {:>30}", cell(run));
  return text + '\n';
}

std::string accesses(const MemoryStatistics& memory, std::uint64_t images) {
  const AccessCounters& reads = memory.reads;
  const AccessCounters& writes = memory.writes;
  const auto mean = [&](std::uint64_t read, std::uint64_t written) {
    return (read + written) / images;
  };
  return fmt::format("{} / {} / {}", mean(reads.words, writes.words),
                     mean(reads.elements, writes.elements), mean(reads.bits, writes.bits));
}

std::string stalls_text(const LayerStatistics& layer, std::uint64_t images) {
  std::string text;
  for (const auto& [controller, ledger] : layer.controllers) {
    for (const auto& [entry, cycles] : ledger) {
      if (entry.rfind("wait_", 0) != 0) continue;
      text += fmt::format("{}{} {:.1f}", text.empty() ? "" : ", ", entry,
                          static_cast<double>(cycles) / static_cast<double>(images));
    }
  }
  return text.empty() ? "none" : text;
}

std::string layer_text(const ScheduleRuns& runs, std::size_t i, const std::string& unit) {
  const auto cost = [&](const ScheduleRun& run) {
    return explore::layer_cost(run.configuration.layers[i], run.widths[i], 1);
  };
  const auto statistics = [&](const ScheduleRun& run) -> const LayerStatistics& {
    return run.statistics.layers[i];
  };
  const auto per_image = [&](double value, const ScheduleRun& run) {
    return fmt::format("{:.1f}", value / static_cast<double>(run.statistics.images));
  };
  using Run = const ScheduleRun&;
  std::string text = line("", runs, [&](Run run) { return to_string(run.schedule); });
  text += line("operations", runs, [&](Run run) { return cost(run).operations; });
  text += line("compute cycles", runs,
               [&](Run run) { return statistics(run).run_cycles / run.statistics.images; });
  text += line("multipliers", runs, [&](Run run) { return cost(run).multipliers; });
  text += line("utilisation", runs,
               [&](Run run) { return fmt::format("{:.1f} %", 100 * cost(run).utilisation()); });
  text += line("accumulators", runs, [&](Run run) { return cost(run).accumulators; });
  for (std::size_t id = 0; id < explore::kMemories; ++id) {
    const std::string name = explore::name_of(static_cast<explore::MemoryId>(id));
    const auto has = [&](Run run) { return statistics(run).memories.count(name) > 0; };
    if (std::none_of(runs.begin(), runs.end(), has)) continue;
    text += line(name + ": words/elements/bits", runs, [&](Run run) -> std::string {
      return has(run) ? accesses(statistics(run).memories.at(name), run.statistics.images) : "-";
    });
  }
  text +=
      line("peak bits a cycle", runs, [&](Run run) { return statistics(run).peak_bits_per_cycle; });
  text += line("stalls, cycles", runs,
               [&](Run run) { return stalls_text(statistics(run), run.statistics.images); });
  text += line("energy on chip, " + unit, runs,
               [&](Run run) { return per_image(run.on_chip.layers[i].total(), run); });
  text += line("energy from DRAM, " + unit, runs,
               [&](Run run) { return per_image(run.from_dram.layers[i].total(), run); });
  return text + line("roofline, ops a cycle", runs, [&](Run run) {
           const auto roof = explore::roofline(run.configuration.layers[i], run.widths[i]);
           return fmt::format("{:.0f} of {:.0f} ({})", roof.operations_per_cycle,
                              roof.attainable_operations_per_cycle,
                              roof.is_memory_bound ? "memories" : "multipliers");
         });
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
  const std::string& unit = comparison.task.table.unit();
  const golden::Network& network = comparison.task.networks.factorised;
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
  const ScheduleRuns& runs = comparison.equal_lanes;
  using Run = const ScheduleRun&;
  std::map<Schedule, json> cards;  // each metric flat: "/synthesis/cells"
  std::size_t metrics = 0;
  for (Run run : runs) {
    const json card = scorecard(run, comparison.reports);
    metrics = card.size();
    for (const json& metric : card) cards[run.schedule].push_back(metric.flatten());
  }

  std::string text = "SCORECARD (equal lanes)\n";
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
  json document = {
      {"schema", "cfcsim.compare/1"},
      {"images", comparison.task.images},
      {"dense_network", comparison.dense_network.empty() ? json() : json(comparison.dense_network)},
      {"dense_network_sha256",
       comparison.dense_network.empty() ? json() : json(comparison.dense_network_sha256)},
      {"energy_table", table_json(comparison.task.table, comparison.table_file)},
      {"batch", comparison.task.batch},
      {"schedules", schedules_json(comparison.equal_lanes, comparison)},
      {"equal_bandwidth",
       {{"budget_bits_per_cycle", comparison.budgets},
        {"schedules", schedules_json(comparison.equal_bandwidth, comparison)}}}};
  document.update(manifest_json(comparison.manifest));
  return document;
}

std::string compare_text(const Comparison& comparison) {
  std::string budgets;
  for (const std::uint64_t budget : comparison.budgets) budgets += fmt::format(" {}", budget);
  const std::string table = fmt::format(
      "energy: table {} ({}), dynamic only; from DRAM: weights fetched once for {} image(s)\n",
      comparison.task.table.name(), comparison.table_file, comparison.task.batch);
  return fmt::format("{} on {}, {} images; dense: {}\n", comparison.manifest.network_file,
                     comparison.manifest.config_source, comparison.task.images,
                     comparison.dense_network.empty()
                         ? "timing model only, the uncompressed weights are not given"
                         : comparison.dense_network) +
         table + "\nEQUAL LANES\n\n" + runs_text(comparison.equal_lanes, comparison) +
         "\nEQUAL BANDWIDTH: lanes that keep each layer's peak in Run within" + budgets +
         " bits a cycle (beats of links do not count)\n\n" +
         runs_text(comparison.equal_bandwidth, comparison) + '\n' + scorecard_text(comparison);
}

}  // namespace cfc
