#include <set>

#include <fmt/format.h>

#include "cfcsim/compare/comparison.h"
#include "cfcsim/info/info_command.h"
#include "cfcsim/info/subject_info.h"
#include "cfcsim/run/run_options.h"
#include "support/command/command_line.h"
#include "support/command/named_file.h"
#include "support/digest.h"
#include "support/version.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::uint64_t bits_moved(const RunStatistics& run) {
  std::uint64_t bits = 0;
  for (const LayerStatistics& layer : run.layers) {
    for (const auto& [name, memory] : layer.memories)
      bits += memory.reads.bits + memory.writes.bits;
  }
  return bits;
}

/// One inference alone, on the default configuration.
json schedules_of(const explore::Workload& workload, const std::optional<Prices>& prices) {
  ComparisonTask task;
  task.workload = task.dense_workload = workload;
  task.prices = prices;
  check(task);
  json schedules;
  for (const ScheduleRun& run : compare_as_configured(task)) {
    json& figures = schedules[to_string(run.schedule)];
    figures = {{"cycles", run.statistics.cycles}, {"access_bits", bits_moved(run.statistics)}};
    figures["energy"] = nullptr;
    if (!run.energy) continue;
    figures["energy"] = {{"on_chip", run.energy->on_chip.total()},
                         {"from_dram", run.energy->from_dram.total()}};
  }
  return schedules;
}

/// In any schedule: those that the table prices as banks.
std::set<std::string> banked_memories(const explore::Workload& workload,
                                      const std::optional<Prices>& prices) {
  std::set<std::string> banked;
  if (!prices) return banked;
  for (const Schedule schedule : kSchedules) {
    const Configuration machine = configuration_in(schedule, {}, workload, nullptr);
    const auto names = explore::banked_memories(machine, workload, prices->table);
    banked.insert(names.begin(), names.end());
  }
  return banked;
}

json workloads_json(const WorkloadsOptions& options) {
  const std::optional<Prices> prices = find_prices(options.energy_table);
  json document = {{"schema", "cfcsim.workloads/1"},
                   {"version", kVersion},
                   {"obtained", "timing model"},
                   {"energy_table", prices ? json(prices->table.name()) : json()},
                   {"energy_unit", prices ? json(prices->table.unit()) : json()}};
  for (const std::string& name : workload_names()) {
    const fs::path file = workload_file(name);
    const explore::Workload workload = explore::read_workload(file);
    json entry = workload_info(workload);
    entry["name"] = name;
    entry["sha256"] = sha256_of_file(file);
    entry["schedules"] = schedules_of(workload, prices);
    entry["banked_memories"] = banked_memories(workload, prices);
    document["workloads"].push_back(std::move(entry));
  }
  return document;
}

std::uint64_t weights_of(const json& workload) {
  std::uint64_t weights = 0;
  for (const json& layer : workload["layers"]) {
    weights += layer["weights"].get<std::uint64_t>() * layer["repeat"].get<std::uint64_t>();
  }
  return weights;
}

/// A column for each schedule.
template <typename Cell>
std::string cells(const json& workload, const Cell& cell) {
  std::string text;
  for (const Schedule schedule : kSchedules) {
    text += fmt::format("{:>12}", cell(workload["schedules"][to_string(schedule)]));
  }
  return text;
}

std::string headings(const char* title) {
  std::string text = fmt::format("\n{}\n{:<18}", title, "");
  for (const Schedule schedule : kSchedules) text += fmt::format("{:>12}", to_string(schedule));
  return text + '\n';
}

template <typename Cell>
std::string table(const json& document, const std::string& title, const Cell& cell) {
  std::string text = headings(title.c_str());
  for (const json& workload : document["workloads"]) {
    text += fmt::format("{:<18}{}\n", workload["name"].get<std::string>(), cells(workload, cell));
  }
  return text;
}

std::string energy_tables(const json& document) {
  if (document["energy_table"].is_null()) return "";
  const std::string from =
      fmt::format("1000 {}, table {}", document["energy_unit"].get<std::string>(),
                  document["energy_table"].get<std::string>());
  const auto of = [&](const char* place) {
    return [place](const json& figures) {
      return fmt::format("{:.1f}", figures["energy"][place].get<double>() / 1000);
    };
  };
  std::string banked;
  for (const json& workload : document["workloads"]) {
    if (workload["banked_memories"].empty()) continue;
    banked += (banked.empty() ? "" : ", ") + workload["name"].get<std::string>();
  }
  if (!banked.empty())
    banked = "\nsome memories priced as banks of the largest that the table has: " + banked + '\n';
  return table(document, "energy, weights on chip, " + from, of("on_chip")) +
         table(document, "energy, weights from DRAM, " + from, of("from_dram")) + banked;
}

std::string workloads_text(const json& document) {
  std::string text = fmt::format("{:<18}{:>7}{:>14}  {}\n", "workload", "layers", "weights",
                                 "where its shapes are from");
  for (const json& workload : document["workloads"]) {
    text += fmt::format("{:<18}{:>7}{:>14}  {}\n", workload["name"].get<std::string>(),
                        workload["layers"].size(), weights_of(workload),
                        workload["source"].get<std::string>());
  }
  text += "\nOne inference alone on the default configuration, by the timing model.\n";
  text += table(document, "cycles", [](const json& figures) { return figures["cycles"].dump(); });
  text += table(document, "bits read and written, in thousands", [](const json& figures) {
    return fmt::format("{:.1f}", figures["access_bits"].get<double>() / 1000);
  });
  return text + energy_tables(document);
}

}  // namespace

void WorkloadsOptions::add_to(CLI::App& command) {
  command
      .add_option("--energy-table", energy_table, "horowitz-45nm, eyeriss, a YAML file, or none")
      ->type_name(kInput)
      ->capture_default_str();
  command.add_option("--json", json, "Write it as JSON to this file; - is standard output")
      ->type_name(kOutput);
}

int workloads(const WorkloadsOptions& options) {
  const json document = workloads_json(options);
  if (options.json) write_json(document, *options.json);
  if (options.json != "-") fmt::print("{}", workloads_text(document));
  return kExitOk;
}

}  // namespace cfc
