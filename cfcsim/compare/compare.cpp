#include "cfcsim/compare/compare.h"

#include <algorithm>

#include <fmt/format.h>

#include "cfcsim/compare/compare_results.h"
#include "golden/onnx_file.h"
#include "support/digest.h"
#include "support/error.h"
#include "support/project_folder.h"
#include "support/worker_processes.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

constexpr int kExitMismatch = 1;
constexpr int kExitInterrupted = 130;
constexpr const char* kDefaultDenseNetwork = "mnist-784-50-100-10.onnx";

/// The machine as configured; which schedule a factorised layer has there does not matter.
Configuration machine_for(RunOptions options, const golden::Network& network) {
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (!network.layers[i].is_factorised()) continue;
    options.overrides.push_back(fmt::format("layers.{}.schedule=streaming", i + 1));
  }
  return options.configuration_for(network);
}

struct DenseNetwork {
  std::optional<golden::Network> network;
  std::string file;
  std::string sha256;
};

/// The one asked for, else the committed one where its shapes fit, else none.
DenseNetwork dense_network_for(const CompareOptions& options, const golden::Network& network) {
  const fs::path committed = project_folder("golden/models") / kDefaultDenseNetwork;
  if (!options.dense_network && !fs::exists(committed)) return {};
  const fs::path file = options.dense_network.value_or(committed);
  const golden::Network dense = golden::read_network(file);
  if (golden::is_dense_twin(dense, network)) {
    return {dense, file.filename().string(), sha256_of_file(file)};
  }
  if (!options.dense_network) return {};
  throw InputError(fmt::format(
      "--dense-network {}: should have plain layers of the same shapes as {}; give such a one",
      file.string(), options.run.network.string()));
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
  command.add_option("--dense-network", dense_network,
                     "Uncompressed network of the same shapes; default: the committed one if it "
                     "fits, else the timing model alone");
  command.add_option("--energy-table", energy_table, "horowitz-45nm, eyeriss, or a YAML file")
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
      ->allow_extra_args(false);
  command.add_option("--jobs", jobs, "Processes; the result does not depend on it")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
}

int compare(const CompareOptions& options) {
  const golden::Network network = golden::read_network(options.run.network);
  if (std::none_of(network.layers.begin(), network.layers.end(),
                   [](const golden::Layer& layer) { return layer.is_factorised(); })) {
    throw InputError(
        fmt::format("{}: has no factorised layer, so the schedules do not differ; "
                    "give a compressed network",
                    options.run.network.string()));
  }
  const DenseNetwork dense = dense_network_for(options, network);
  const fs::path file = energy_table_file(options.energy_table);
  const auto table = explore::EnergyTable::read(file);
  const SynthesisReports reports = reports_of(options.synthesis);
  const Configuration machine = machine_for(options.run, network);
  const golden::Dataset dataset = options.run.dataset_for(network);
  const Manifest manifest = options.run.manifest_for(network);
  const ComparisonTask task{{network, dense.network ? &*dense.network : nullptr},
                            machine,
                            dataset,
                            options.run.first_image,
                            options.run.images_of(dataset),
                            table,
                            options.batch,
                            options.jobs};
  auto budgets = default_budgets(task);
  if (options.bandwidth_bits) budgets.assign(budgets.size(), *options.bandwidth_bits);

  catch_interrupts();
  const ScheduleRuns bandwidth = compare_equal_bandwidth(task, budgets);
  const ScheduleRuns lanes = compare_equal_lanes(task);
  if (was_interrupted(lanes) || was_interrupted(bandwidth)) return kExitInterrupted;
  const Comparison comparison{task,  manifest, dense.file, dense.sha256, file.filename().string(),
                              lanes, budgets,  bandwidth,  reports};
  const auto& json_file = options.run.json;
  if (json_file) write_json(compare_json(comparison), *json_file);
  if (json_file != "-") fmt::print("{}", compare_text(comparison));
  return all_well(lanes) && all_well(bandwidth) ? 0 : kExitMismatch;
}

}  // namespace cfc
