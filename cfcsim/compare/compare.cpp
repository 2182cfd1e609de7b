#include "cfcsim/compare/compare.h"

#include <algorithm>

#include <fmt/format.h>

#include "cfcsim/compare/compare_results.h"
#include "explore/timing/workload_run.h"
#include "explore/workload/random_network.h"
#include "support/command/command_line.h"
#include "support/command/named_file.h"
#include "support/error.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

/// The one asked for, else the committed one where its shapes fit, else none.
std::optional<DenseTwin> dense_twin_for(const CompareOptions& options,
                                        const golden::Network& network) {
  if (options.dense_network)
    return dense_twin(*options.dense_network, network, options.run.network);
  if (!fs::exists(default_dense_network())) return {};
  return find_dense_twin(default_dense_network(), network);
}

void check_factorised(const explore::Workload& workload, const std::string& file) {
  const auto is_factorised = [](const explore::WorkloadLayer& layer) {
    return layer.shape.r.has_value();
  };
  if (std::any_of(workload.layers.begin(), workload.layers.end(), is_factorised)) return;
  throw InputError(
      fmt::format("{}: has no factorised layer, so the schedules do not differ; "
                  "give a compressed network",
                  file));
}

/// What is compared, and what its result says of where it is from.
struct Subject {
  ComparisonTask task;
  Manifest manifest;
  std::optional<DataFile> dense_network;
};

ComparisonTask task_of(const CompareOptions& options,
                       const std::optional<TechnologySource>& technology) {
  ComparisonTask task;
  task.settings = settings_of(options.run.config, options.run.overrides);
  task.prices = find_prices(options.energy_table);
  task.batch = options.batch;
  if (technology) task.technology = technology->cells;
  task.jobs = options.jobs;
  return task;
}

Subject network_subject(const CompareOptions& options) {
  const std::optional<TechnologySource> technology = find_technology(options.run.technology);
  RunSubject run = options.run.subject(technology);
  std::optional<DenseTwin> dense = dense_twin_for(options, run.network);
  Subject subject{task_of(options, technology), run.manifest, {}};
  ComparisonTask& task = subject.task;
  task.workload = task.dense_workload = explore::workload_of(run.network);
  check_factorised(task.workload, options.run.network.string());
  task.images = static_cast<std::uint64_t>(run.images);
  task.simulated.push_back({std::move(run.network), {}, std::move(run.dataset), run.first_image});
  if (!dense) return subject;
  task.dense_workload = explore::workload_of(dense->network);
  task.simulated.front().dense = std::move(dense->network);
  subject.dense_network = DataFile{dense->file, dense->sha256};
  return subject;
}

/// A chain with random values, for all that its machines compute.
SimulatedChain random_chain(const ComparisonTask& task, const explore::Chain& chain,
                            std::uint64_t seed) {
  const auto network = [&](Schedule schedule) {
    const Configuration whole =
        configuration_in(schedule, task.settings, task.workload, task.technology.get());
    return explore::random_network(task.workload, chain, explore::machine_of(whole, chain), seed);
  };
  golden::Dataset dataset;
  dataset.images = explore::random_vectors(explore::vectors_of(chain, task.images),
                                           task.workload.layers[chain.first].shape.m, seed);
  return {network(Schedule::streaming), network(Schedule::dense), std::move(dataset), 0};
}

Subject workload_subject(const CompareOptions& options) {
  const explore::Workload workload = options.workload.read();
  check_factorised(workload, *options.workload.file);
  const auto seed = options.simulate ? std::optional(options.seed) : std::nullopt;
  const std::optional<TechnologySource> technology = find_technology(options.run.technology);
  Subject subject{
      task_of(options, technology), options.workload.manifest(workload, options.run, seed), {}};
  subject.manifest.technology = technology;
  ComparisonTask& task = subject.task;
  task.workload = task.dense_workload = workload;
  task.images = inferences_of(options.run);
  if (!options.simulate) return subject;
  explore::check_fillable(workload, task.images);
  for (const explore::Chain& chain : workload.chains()) {
    task.simulated.push_back(random_chain(task, chain, options.seed));
  }
  return subject;
}

Subject subject_of(const CompareOptions& options) {
  return options.workload.file ? workload_subject(options) : network_subject(options);
}

SynthesisReports reports_of(const std::vector<std::string>& arguments) {
  SynthesisReports reports;
  for (const std::string& argument : arguments) {
    const auto equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    bool found = false;
    for (const Schedule schedule : kSchedules) {
      if (equals == std::string::npos || name != to_string(schedule)) continue;
      reports[schedule] = read_synthesis_report(argument.substr(equals + 1));
      found = true;
    }
    if (!found) {
      throw InputError(
          fmt::format("--synthesis {}: give dense, sequential or streaming, then =FILE", argument));
    }
  }
  return reports;
}

bool was_interrupted(const ScheduleRuns& runs) {
  return std::any_of(runs.begin(), runs.end(), [](const ScheduleRun& run) {
    return run.simulated && run.simulated->interrupted;
  });
}

bool all_well(const ScheduleRuns& runs) {
  return std::all_of(runs.begin(), runs.end(), [](const ScheduleRun& run) {
    return !run.simulated ||
           (run.simulated->verdict.mismatches.total() == 0 && run.simulated->timing_model_agrees);
  });
}

/// Both comparisons of a subject; empty where they were interrupted.
std::optional<Comparison> comparison_of(Subject subject, const CompareOptions& options) {
  Comparison comparison;
  comparison.reports = reports_of(options.synthesis);
  comparison.task = std::move(subject.task);
  comparison.manifest = std::move(subject.manifest);
  comparison.dense_network = std::move(subject.dense_network);
  const ComparisonTask& task = comparison.task;
  check(task);
  comparison.budgets = default_budgets(task);
  if (options.bandwidth_bits) {
    comparison.budgets.assign(comparison.budgets.size(), *options.bandwidth_bits);
  }
  comparison.equal_bandwidth = compare_equal_bandwidth(task, comparison.budgets);
  comparison.as_configured = compare_as_configured(task);
  if (was_interrupted(comparison.as_configured) || was_interrupted(comparison.equal_bandwidth)) {
    return {};
  }
  return comparison;
}

}  // namespace

void CompareOptions::add_to(CLI::App& command) {
  run.add_to(command);
  CLI::Option* dense =
      command
          .add_option("--dense-network", dense_network,
                      "Uncompressed network of the same shapes; default: the committed one if it "
                      "fits, else the timing model alone")
          ->type_name(kInput)
          ->transform(network_file);
  workload.add_to(command);
  CLI::Option* workload_option = command.get_option("--workload")->excludes(dense);
  CLI::Option* simulate_option =
      command
          .add_flag("--simulate", simulate,
                    "Fill random weights into the workload, and run it in SystemC too")
          ->needs(workload_option);
  command.add_option("--seed", seed, "Of these weights")
      ->capture_default_str()
      ->needs(simulate_option);
  command
      .add_option("--energy-table", energy_table, "horowitz-45nm, eyeriss, a YAML file, or none")
      ->type_name(kInput)
      ->capture_default_str();
  command.add_option("--batch", batch, "Images that share one fetch of the weights from DRAM")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000000));
  command.add_option("--bandwidth", bandwidth_bits,
                     "Bits a cycle that each layer's memories may move in Run in the comparison at "
                     "equal bandwidth; default: what the dense schedule needs");
  command
      .add_option("--synthesis", synthesis,
                  "SCHEDULE=FILE: what scripts/synth printed for a schedule")
      ->type_name(kNamedInput)
      ->allow_extra_args(false);
  command.add_option("--jobs", jobs, "Processes; the result does not depend on it")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
}

int compare(const CompareOptions& options) {
  const std::optional<Comparison> comparison = comparison_of(subject_of(options), options);
  if (!comparison) return kExitInterrupted;
  const auto& json_file = options.run.json;
  if (json_file) write_json(compare_json(*comparison), *json_file);
  if (json_file != "-") fmt::print("{}", compare_text(*comparison));
  const bool is_well = all_well(comparison->as_configured) && all_well(comparison->equal_bandwidth);
  return is_well ? kExitOk : kExitCheckFailed;
}

nlohmann::json compare_workload_json(const CompareOptions& options) {
  return compare_json(comparison_of(workload_subject(options), options).value());
}

}  // namespace cfc
