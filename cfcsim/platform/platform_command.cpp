#include "cfcsim/platform/platform_command.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cfcsim/platform/platform_experiments.h"
#include "configuration/configuration_file.h"
#include "golden/inference.h"
#include "golden/onnx_file.h"
#include "support/digest.h"
#include "support/error.h"
#include "support/project_folder.h"
#include "support/worker_processes.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kExitMismatch = 1;
constexpr int kExitInterrupted = 130;

void check_spill(const PlatformOptions& options, const Configuration& configuration) {
  if (options.z == "unfused" && !has_sequential_layer(configuration)) {
    throw InputError(
        "--z unfused: only a sequential layer can spill z, and there is none; give --set "
        "defaults.schedule=sequential as well, or leave it out");
  }
}

/// The file of one of the DRAMs that come with the project, or the user's.
fs::path dram_file(const std::string& name) {
  const fs::path folder = project_folder("testbench/platforms");
  const fs::path shipped = folder / (name + ".yaml");
  if (fs::exists(shipped)) return shipped;
  if (fs::exists(name)) return name;
  std::set<std::string> names{"simple"};
  std::error_code none_shipped;
  for (const auto& entry : fs::directory_iterator(folder, none_shipped)) {
    names.insert(entry.path().stem());
  }
  throw InputError(fmt::format("--memory {} cannot be read; give a YAML file or one of {}", name,
                               fmt::join(names, ", ")));
}

JobPolicy policy_of(const PlatformOptions& options, unsigned batch) {
  JobPolicy policy;
  policy.batch = batch;
  policy.batch_time_out_s = options.batch_time_out_us * 1e-6;
  policy.weight_period = options.weights == "on_chip"     ? 0
                         : options.weights == "per_image" ? 1
                                                          : batch;
  policy.spill_z = options.z == "unfused";
  policy.time_out_cycles = options.time_out_cycles;
  return policy;
}

PlatformBasis basis_of(const PlatformOptions& options) {
  PlatformBasis basis;
  basis.style =
      options.style == "loose" ? CodingStyle::loosely_timed : CodingStyle::approximately_timed;
  if (options.memory != "simple") {
    basis.dram = read_dram_parameters(dram_file(options.memory));
  }
  basis.accelerators = options.accelerators;
  basis.parallelism = options.parallel == "model" ? Parallelism::model : Parallelism::data;
  basis.bus_bytes = options.bus_bytes;
  basis.policy = policy_of(options, options.batch);
  basis.arrivals.kind = options.arrivals == "poisson"    ? ArrivalKind::poisson
                        : options.arrivals == "periodic" ? ArrivalKind::periodic
                                                         : ArrivalKind::back_to_back;
  basis.arrivals.images_per_second = options.rate;
  basis.arrivals.seed = options.seed;
  return basis;
}

/// A network with its machine and what golden makes of the images.
PlatformSubject subject(const golden::Network& network, Settings settings,
                        std::optional<Schedule> schedule, const golden::MatrixU8& images) {
  if (schedule) {
    settings.defaults.schedule = schedule;
    for (auto& [number, layer] : settings.layers) layer.schedule.reset();
  }
  return {network, resolve(settings, shapes_of(network)), golden::infer(network, images).logits()};
}

json run_experiment(const PlatformOptions& options, const golden::Network& network,
                    const explore::EnergyTable& table) {
  const golden::Dataset dataset = options.run.dataset_for(network);
  const golden::MatrixU8 images =
      dataset.images.middleRows(options.run.first_image, options.run.images_of(dataset));
  const PlatformBasis basis = basis_of(options);
  const Settings settings = options.run.settings();
  if (options.experiment == "placement") {
    const golden::Network dense = golden::read_network(options.dense_network);
    if (!golden::is_dense_twin(dense, network)) {
      throw InputError(fmt::format(
          "--dense-network {}: should have plain layers of the same shapes as {}; give such a one",
          options.dense_network.string(), options.run.network.string()));
    }
    return placement_experiment(
        basis, images,
        {{"dense", subject(dense, settings, {}, images)},
         {"sequential", subject(network, settings, Schedule::sequential, images)},
         {"streaming", subject(network, settings, Schedule::streaming, images)}},
        table);
  }
  const PlatformSubject one = subject(network, settings, {}, images);
  check_spill(options, one.configuration);
  if (options.experiment == "parallel") return parallel_experiment(basis, images, one, table);
  if (options.experiment == "load") {
    std::vector<JobPolicy> policies;
    for (const unsigned batch : options.batches) policies.push_back(policy_of(options, batch));
    if (policies.empty()) policies.push_back(basis.policy);
    return load_experiment(basis, images, one, policies, table);
  }
  return single_experiment(basis, images, one, table);
}

}  // namespace

int platform(const PlatformOptions& options) {
  options.check();
  const auto table = explore::EnergyTable::read(energy_table_file(options.energy_table));
  if (table.unit() != "pJ") {
    throw InputError(fmt::format("--energy-table {}: prices in {}, but DRAM's energy is in pJ",
                                 options.energy_table, table.unit()));
  }
  const golden::Network network = golden::read_network(options.run.network);
  const json manifest = manifest_json(options.run.manifest_for(network));
  catch_interrupts();
  json document = run_experiment(options, network, table);
  if (interrupted()) {
    fmt::print(stderr, "cfcsim: interrupted; there is no result\n");
    return kExitInterrupted;
  }
  document.update(manifest);
  document["schema"] = "cfcsim.platform/1";
  document["experiment"] = options.experiment;
  document["energy_table"] = table.name();
  if (options.experiment == "placement") {
    document["dense_network"] = options.dense_network.filename().string();
    document["dense_network_sha256"] = sha256_of_file(options.dense_network);
  }

  if (options.run.json) write_json(document, *options.run.json);
  if (options.run.json != "-") fmt::print("{}", platform_text(document));
  const auto& runs = document["runs"];
  const bool wrong = std::any_of(runs.begin(), runs.end(), [](const json& run) {
    return run["wrong_logits"].get<std::uint64_t>() > 0;
  });
  return wrong ? kExitMismatch : 0;
}

}  // namespace cfc
