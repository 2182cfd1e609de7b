#include "cfcsim/platform/platform_command.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cfcsim/platform/platform_experiments.h"
#include "explore/silicon/synthesised_clock.h"
#include "golden/inference.h"
#include "platform/accelerator/network_image.h"
#include "support/error.h"
#include "support/interrupt.h"
#include "support/project_folder.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

void check_spill(const PlatformOptions& options, const Configuration& configuration) {
  if (options.z == ZPlace::unfused && !can_spill_z(configuration)) {
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
  policy.weight_period = options.weights == WeightSource::on_chip     ? 0
                         : options.weights == WeightSource::per_image ? 1
                                                                      : batch;
  policy.spill_z = options.z == ZPlace::unfused;
  policy.time_out_cycles = options.time_out_cycles;
  return policy;
}

PlatformBasis basis_of(const PlatformOptions& options) {
  PlatformBasis basis;
  basis.style = options.style;
  if (options.memory != "simple") {
    basis.dram = read_dram_parameters(dram_file(options.memory));
  }
  basis.accelerators = options.accelerators;
  basis.parallelism = options.parallel;
  basis.bus_bytes = options.bus_bytes;
  basis.policy = policy_of(options, options.batch);
  basis.arrivals = {options.arrivals, options.rate, options.seed};
  return basis;
}

PlatformSubject platform_subject(const golden::Network& network, Configuration configuration,
                                 const golden::MatrixU8& images) {
  return {network, std::move(configuration), golden::infer(network, images).logits()};
}

/// The network in every schedule, the dense one with the uncompressed weights.
std::vector<std::pair<std::string, PlatformSubject>> every_schedule(
    const RunSubject& subject, const golden::Network& dense, const golden::MatrixU8& images) {
  const explore::Technology* technology = cells_of(subject.manifest.technology);
  std::vector<std::pair<std::string, PlatformSubject>> subjects;
  for (const Schedule schedule : kSchedules) {
    subjects.emplace_back(
        to_string(schedule),
        uses_factors(schedule)
            ? platform_subject(subject.network,
                               configuration_in(schedule, subject.settings,
                                                explore::workload_of(subject.network), technology),
                               images)
            : platform_subject(
                  dense,
                  explore::resolve(subject.settings, explore::workload_of(dense), technology),
                  images));
  }
  return subjects;
}

json run_placement(const PlatformOptions& options, const RunSubject& subject,
                   const explore::EnergyTable& table) {
  const DenseTwin dense = dense_twin(options.dense_network, subject.network, options.run.network);
  const golden::MatrixU8 images = subject.chosen_images();
  json document = placement_experiment(basis_of(options), images,
                                       every_schedule(subject, dense.network, images), table);
  document["dense_network"] = dense.file;
  document["dense_network_sha256"] = dense.sha256;
  return document;
}

json run_experiment(const PlatformOptions& options, const RunSubject& subject,
                    const explore::EnergyTable& table) {
  if (options.experiment == Experiment::placement) return run_placement(options, subject, table);
  const golden::MatrixU8 images = subject.chosen_images();
  const PlatformBasis basis = basis_of(options);
  const PlatformSubject one = platform_subject(subject.network, subject.configuration, images);
  check_spill(options, one.configuration);
  if (options.experiment == Experiment::parallel)
    return parallel_experiment(basis, images, one, table);
  if (options.experiment == Experiment::load) {
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
  const explore::EnergyTable table = read_prices(options.energy_table).table;
  if (table.unit() != "pJ") {
    throw InputError(fmt::format("--energy-table {}: prices in {}, but DRAM's energy is in pJ",
                                 options.energy_table, table.unit()));
  }
  const RunSubject subject = options.run.subject();
  check_image_holds(subject.network);
  json document = run_experiment(options, subject, table);
  if (interrupted()) {
    fmt::print(stderr, "cfcsim: interrupted; there is no result\n");
    return kExitInterrupted;
  }
  document.update(manifest_json(subject.manifest));
  document["schema"] = "cfcsim.platform/1";
  document["experiment"] = name_of(experiments(), options.experiment);
  document["energy_table"] = table.name();

  if (options.run.json) write_json(document, *options.run.json);
  if (options.run.json != "-") fmt::print("{}", platform_text(document));
  const auto& runs = document["runs"];
  const bool wrong = std::any_of(runs.begin(), runs.end(), [](const json& run) {
    return run["wrong_logits"].get<std::uint64_t>() > 0;
  });
  return wrong ? kExitCheckFailed : kExitOk;
}

}  // namespace cfc
