#include "cfcsim/sweep/sweep_command.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "cfcsim/run/run_options.h"
#include "cfcsim/sweep/sweep_check.h"
#include "cfcsim/sweep/sweep_results.h"
#include "explore/workload/random_network.h"
#include "golden/onnx_file.h"
#include "support/command/command_line.h"
#include "support/command/named_file.h"
#include "support/digest.h"
#include "support/error.h"
#include "support/interrupt.h"
#include "support/numbers.h"
#include "support/progress.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxImages = 1'000'000'000;
constexpr std::uint64_t kMostParts = 1'000'000'000;

/// "i/N", i from 1 to N.
explore::Shard shard_of(const SweepOptions& options) {
  const std::size_t slash = options.shard.find('/');
  try {
    if (slash == std::string::npos) throw ValueError("there is no slash");
    explore::Shard shard;
    shard.count = parse_integer<std::uint64_t>(options.shard.substr(slash + 1), 1, kMostParts);
    shard.index = parse_integer<std::uint64_t>(options.shard.substr(0, slash), 1, shard.count);
    return shard;
  } catch (const ValueError& error) {
    throw InputError(fmt::format("--shard {}: {}; give i/N with i from 1 to N, for example 2/4",
                                 options.shard, error.what()));
  }
}

explore::WeightPlace weights_of(const SweepOptions& options) {
  using Kind = explore::WeightPlace::Kind;
  if (options.weights == "on_chip") return {Kind::on_chip, 1};
  const std::string prefix = "dram/";
  try {
    if (options.weights.rfind(prefix, 0) != 0) throw ValueError("is no place of weights");
    return {Kind::dram,
            parse_integer<std::uint64_t>(options.weights.substr(prefix.size()), 1, kMaxImages)};
  } catch (const ValueError& error) {
    throw InputError(fmt::format(
        "--weights {}: {}; give on_chip, or dram/N for weights fetched for every N images",
        options.weights, error.what()));
  }
}

void set_technology(explore::SweepSetting& setting, const SweepOptions& options) {
  const std::optional<TechnologySource> technology = find_technology(options.technology);
  if (!technology) return;
  setting.technology = technology->cells;
  setting.technology_sha256 = technology->sha256;
}

explore::SweepSetting setting_of(const SweepOptions& options) {
  explore::SweepSetting setting;
  setting.images = options.images;
  set_technology(setting, options);
  const explore::WeightPlace weights = weights_of(options);
  const std::optional<Prices> prices = find_prices(options.energy_table);
  if (!prices) {
    if (weights.kind == explore::WeightPlace::Kind::on_chip) return setting;
    throw InputError(fmt::format("--weights {}: give --energy TABLE as well", options.weights));
  }
  setting.energy = explore::EnergySetting{prices->table, weights};
  setting.energy_sha256 = sha256_of_file(prices->file);
  return setting;
}

/// What is swept: networks first, then workloads.
struct SweptFiles {
  std::vector<fs::path> networks;
  std::vector<fs::path> workloads;

  std::vector<fs::path> all() const {
    std::vector<fs::path> files = networks;
    files.insert(files.end(), workloads.begin(), workloads.end());
    return files;
  }
};

SweptFiles swept_files(const SweepOptions& options, const explore::Grid& grid) {
  SweptFiles files;
  if (!options.networks.empty() || !options.workloads.empty()) {
    files.networks.assign(options.networks.begin(), options.networks.end());
    files.workloads.assign(options.workloads.begin(), options.workloads.end());
    return files;
  }
  for (const fs::path& name : grid.networks) files.networks.push_back(network_file(name));
  for (const fs::path& name : grid.workloads) files.workloads.push_back(workload_file(name));
  if (files.all().empty()) files.networks.push_back(default_network());
  return files;
}

/// A layer that no network has would make every point fail.
void check_layers(const explore::SweepPlan& plan) {
  std::size_t most = 0;
  for (const explore::NetworkFacts& network : plan.networks) {
    most = std::max(most, network.workload.layers.size());
  }
  check_layer_numbers(plan.base, most);
  for (const explore::Axis& axis : plan.grid.axes) {
    Settings settings;
    set_value(settings, axis.key, axis.values.front(), axis.origin);
    check_layer_numbers(settings, most);
  }
}

/// Without standard cells, points that ask for their clock would all fail.
void check_clock(const explore::SweepPlan& plan) {
  if (plan.setting.technology) return;
  bool is_swept = false;
  for (const explore::Axis& axis : plan.grid.axes) {
    if (axis.key != "clock_period_ns") continue;
    is_swept = true;
    for (const std::string& period : axis.values) {
      Settings settings;
      set_value(settings, axis.key, period, axis.origin);
      check_clock_is_given(settings);
    }
  }
  if (!is_swept) check_clock_is_given(plan.base);
}

/// A price that is missing would make points fail, or all of them.
void check_prices(const explore::SweepPlan& plan) {
  if (!plan.setting.energy) return;
  const auto& [table, weights] = *plan.setting.energy;
  for (const explore::NetworkFacts& network : plan.networks) {
    explore::check_prices(network.workload, table, weights.kind);
  }
}

explore::SweepPlan plan_of(const SweepOptions& options, const explore::Grid& grid,
                           const SweptFiles& files) {
  explore::SweepPlan plan;
  plan.grid = grid;
  plan.base = settings_of(options.config, options.overrides);
  plan.setting = setting_of(options);
  plan.shard = shard_of(options);
  for (const fs::path& file : files.networks) {
    plan.networks.push_back(explore::read_network_facts(file));
  }
  for (const fs::path& file : files.workloads) {
    plan.networks.push_back(explore::read_workload_facts(file));
  }
  check_layers(plan);
  check_clock(plan);
  check_prices(plan);
  return plan;
}

bool says_accuracy(const explore::SweepPlan& plan) {
  return std::any_of(plan.networks.begin(), plan.networks.end(),
                     [](const explore::NetworkFacts& facts) { return facts.accuracy.has_value(); });
}

/// The metrics of `--pareto`; each must be one that points of this sweep can have.
std::vector<std::string> metrics_of(const SweepOptions& options, const explore::SweepPlan& plan) {
  using Needs = explore::Metric::Needs;
  for (const std::string& name : options.pareto) {
    const Needs needs = explore::find_metric(name).needs;
    if (needs == Needs::prices && !plan.setting.energy) {
      throw InputError(fmt::format("--pareto {}: give --energy TABLE as well", name));
    }
    if (needs == Needs::cells && !plan.setting.technology) {
      throw InputError(
          fmt::format("--pareto {}: needs a technology; name one (--technology)", name));
    }
    if (needs == Needs::accuracy && !says_accuracy(plan)) {
      throw InputError("--pareto accuracy: no network says its validation accuracy");
    }
  }
  return options.pareto;
}

std::map<std::string, SimulatedNetwork> networks_to_simulate(const SweptFiles& files,
                                                             const explore::SweepPlan& plan) {
  std::map<std::string, SimulatedNetwork> networks;
  for (std::size_t i = 0; i < plan.networks.size(); ++i) {
    SimulatedNetwork simulated{{}, plan.networks[i]};
    if (i < files.networks.size()) simulated.network = golden::read_network(files.networks[i]);
    networks.insert({plan.networks[i].sha256, std::move(simulated)});
  }
  return networks;
}

/// Workloads get random weights, which must be possible.
void check_simulated(const explore::SweepPlan& plan, const SweptFiles& files) {
  for (std::size_t i = files.networks.size(); i < plan.networks.size(); ++i) {
    explore::check_fillable(plan.networks[i].workload, plan.setting.images);
  }
}

/// What the grid names is read, too.
void check_outputs(const SweepOptions& options, const std::vector<fs::path>& networks) {
  refuse_to_destroy(options.database, "--db", networks);
  if (options.csv) refuse_to_destroy(*options.csv, "--csv", networks);
  if (options.json) refuse_to_destroy(*options.json, "--json", networks);
}

/// Runs the points of a plan; shows how far it is.
explore::SweepSummary compute(const explore::SweepPlan& plan, explore::SweepStore& store,
                              int jobs) {
  Progress progress("points", plan.points());
  return explore::run_sweep(plan, store, jobs,
                            {interrupted, [&](std::uint64_t points) { progress.show(points); }});
}

void sort_unique(std::vector<std::string>& digests) {
  std::sort(digests.begin(), digests.end());
  digests.erase(std::unique(digests.begin(), digests.end()), digests.end());
}

}  // namespace

void SweepOptions::add_to(CLI::App& command) {
  command.add_option("grid", grid, "Axes of the sweep (YAML)")->type_name(kInput)->required();
  command.add_option("--db", database, "Database of the results; made if it is not there")
      ->type_name(kDatabase)
      ->required();
  command.add_option("--network", networks, "Network (ONNX), repeatable; default: the grid's")
      ->type_name(kInput)
      ->transform(network_file)
      ->allow_extra_args(false);
  command
      .add_option("--workload", workloads,
                  "Shapes without weights: a name that cfcsim workloads lists, or a YAML file; "
                  "repeatable")
      ->type_name(kInput)
      ->transform(workload_file)
      ->allow_extra_args(false);
  command.add_option("--config", config, "Configuration of what the grid does not set (YAML)")
      ->type_name(kInput);
  command.add_option("--set", overrides, "Override one key of the configuration, KEY=VALUE")
      ->allow_extra_args(false);
  command.add_option("--images", images, "Images in the stream")
      ->capture_default_str()
      ->check(CLI::Range(std::uint64_t{1}, kMaxImages));
  command
      .add_option("--energy,--energy-table", energy_table,
                  "Prices of accesses: horowitz-45nm, eyeriss, a YAML file, or none")
      ->type_name(kInput)
      ->capture_default_str();
  command
      .add_option("--weights", weights,
                  "With --energy: on_chip, or dram/N, fetched for every N images")
      ->capture_default_str();
  add_technology_option(command, technology);
  command.add_option("--jobs", jobs, "Threads, and processes of --simulate; results are the same")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  command.add_option("--shard", shard, "i/N: every N-th point, from the i-th on")
      ->capture_default_str();
  command.add_option(
      "--simulate", simulate,
      "Also run in SystemC: all points, a share of them (0.01), or the pareto front");
  command.add_option("--pareto", pareto, "Metrics of the front, separated by commas")
      ->delimiter(',')
      ->capture_default_str();
  command.add_option("--csv", csv, "Write all points of the sweep as CSV to this file")
      ->type_name(kOutput);
  command.add_option("--json", json, "Write the result as JSON to this file; - is standard output")
      ->type_name(kOutput);
}

int sweep(const SweepOptions& options) {
  const explore::Grid grid = explore::read_grid(options.grid);
  const SweptFiles files = swept_files(options, grid);
  check_outputs(options, files.all());
  const explore::SweepPlan plan = plan_of(options, grid, files);
  const std::vector<std::string> metrics = metrics_of(options, plan);
  const SimulationChoice choice =
      options.simulate ? parse_simulation(*options.simulate) : SimulationChoice{};
  if (options.simulate) check_simulated(plan, files);
  explore::SweepStore store(options.database);

  const auto started = std::chrono::steady_clock::now();
  SweepReport report{plan, options.grid, options.database};
  report.sweep = compute(plan, store, options.jobs);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started;
  report.seconds = wall.count();
  sort_unique(report.sweep.digests);
  store.ask(report.sweep.digests);
  report.metrics = metrics;
  if (!report.sweep.interrupted) {
    report.front = front_of(store, metrics);
    const auto simulated = chosen(choice, report.sweep.digests, report.front);
    if (!simulated.empty()) {
      report.check = check_points(store, simulated, networks_to_simulate(files, plan), plan.setting,
                                  options.jobs);
    }
  }

  if (options.csv) write_sweep_csv(store, report, *options.csv);
  if (options.json) write_sweep_json(store, report, *options.json);
  if (options.json != "-") fmt::print("{}", sweep_text(store, report));
  if (!report.check.differences.empty()) return kExitCheckFailed;
  if (report.front.empty() && !report.sweep.interrupted) {
    throw InputError(fmt::format("{}: no point of it can be computed; see why they failed",
                                 options.grid.string()));
  }
  return report.sweep.interrupted || report.check.interrupted ? kExitInterrupted : kExitOk;
}

void SweepMergeOptions::add_to(CLI::App& command) {
  command.add_option("target", target, "Database that takes the points; made if it is not there")
      ->type_name(kDatabase)
      ->required();
  command.add_option("sources", sources, "Databases that are read")->type_name(kInput)->required();
}

int sweep_merge(const SweepMergeOptions& options) {
  // All of them before the target is made.
  const std::vector<explore::SweepSource> sources(options.sources.begin(), options.sources.end());
  explore::SweepStore store(options.target);
  for (const explore::SweepSource& source : sources) {
    const std::uint64_t added = store.merge(source);
    fmt::print("{}: {} new points from {}\n", options.target.string(), added,
               source.file().string());
  }
  return kExitOk;
}

}  // namespace cfc
