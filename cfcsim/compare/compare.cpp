#include "cfcsim/compare/compare.h"

#include <algorithm>

#include <fmt/format.h>

#include "cfcsim/compare/compare_results.h"
#include "support/command/command_line.h"
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

void check_factorised(const golden::Network& network, const fs::path& file) {
  const auto is_factorised = [](const golden::Layer& layer) { return layer.is_factorised(); };
  if (std::any_of(network.layers.begin(), network.layers.end(), is_factorised)) return;
  throw InputError(
      fmt::format("{}: has no factorised layer, so the schedules do not differ; "
                  "give a compressed network",
                  file.string()));
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

}  // namespace

void CompareOptions::add_to(CLI::App& command) {
  run.add_to(command);
  command
      .add_option("--dense-network", dense_network,
                  "Uncompressed network of the same shapes; default: the committed one if it "
                  "fits, else the timing model alone")
      ->type_name(kInput);
  command.add_option("--energy-table", energy_table, "horowitz-45nm, eyeriss, or a YAML file")
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
  const RunSubject subject = options.run.subject();
  check_factorised(subject.network, options.run.network);
  const std::optional<DenseTwin> dense = dense_twin_for(options, subject.network);
  const Prices prices = read_prices(options.energy_table);
  const SynthesisReports reports = reports_of(options.synthesis);
  const ComparisonTask task{subject, dense ? &*dense : nullptr, prices, options.batch,
                            options.jobs};
  auto budgets = default_budgets(task);
  if (options.bandwidth_bits) budgets.assign(budgets.size(), *options.bandwidth_bits);

  const ScheduleRuns bandwidth = compare_equal_bandwidth(task, budgets);
  const ScheduleRuns lanes = compare_as_configured(task);
  if (was_interrupted(lanes) || was_interrupted(bandwidth)) return kExitInterrupted;
  const Comparison comparison{task, lanes, budgets, bandwidth, reports};
  const auto& json_file = options.run.json;
  if (json_file) write_json(compare_json(comparison), *json_file);
  if (json_file != "-") fmt::print("{}", compare_text(comparison));
  return all_well(lanes) && all_well(bandwidth) ? kExitOk : kExitCheckFailed;
}

}  // namespace cfc
