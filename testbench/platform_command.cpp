#include "testbench/platform_command.h"

#include <algorithm>

#include <fmt/format.h>

#include "golden/digest.h"
#include "golden/error.h"
#include "golden/inference.h"
#include "golden/onnx_file.h"
#include "sc_model/configuration_file.h"
#include "testbench/platform_experiments.h"
#include "testbench/project_folder.h"
#include "testbench/worker_processes.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kExitMismatch = 1;
constexpr int kExitInterrupted = 130;

/// A file, or the name of one that comes with the project.
fs::path shipped_or_own(const char* folder, const std::string& name) {
  const fs::path shipped = project_folder(folder) / (name + ".yaml");
  return fs::exists(shipped) ? shipped : fs::path(name);
}

JobPolicy policy_of(const PlatformOptions& options, unsigned batch) {
  JobPolicy policy;
  policy.batch = batch;
  policy.batch_time_out_s = options.batch_time_out_us * 1e-6;
  policy.weight_period = options.weights == "on_chip"     ? 0
                         : options.weights == "per_image" ? 1
                                                          : batch;
  policy.spill_z = options.z == "unfused";
  return policy;
}

PlatformBasis basis_of(const PlatformOptions& options) {
  PlatformBasis basis;
  basis.style =
      options.style == "loose" ? CodingStyle::loosely_timed : CodingStyle::approximately_timed;
  if (options.memory != "simple") {
    basis.dram = read_dram_parameters(shipped_or_own("testbench/platforms", options.memory));
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
  if (basis.arrivals.kind != ArrivalKind::back_to_back && options.rate <= 0 &&
      options.experiment == "run") {
    throw InputError("--rate: periodic and poisson arrivals need images per second above 0");
  }
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
    if (dense.inputs() != network.inputs()) {
      throw InputError(fmt::format("--dense-network {}: takes {} pixels, the network {}",
                                   options.dense_network.string(), dense.inputs(),
                                   network.inputs()));
    }
    return placement_experiment(
        basis, images,
        {{"dense", subject(dense, settings, {}, images)},
         {"sequential", subject(network, settings, Schedule::sequential, images)},
         {"streaming", subject(network, settings, Schedule::streaming, images)}},
        table);
  }
  const PlatformSubject one = subject(network, settings, {}, images);
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

void PlatformOptions::add_to(CLI::App& command) {
  run.add_to(command);
  dense_network = project_folder("golden/models") / "mnist-784-50-100-10.onnx";
  command
      .add_option(
          "--experiment", experiment,
          "run: one platform; placement: where weights and z live, by schedule; load: "
          "latency against load, with one and two accelerators; parallel: accelerators that "
          "share images, or layers")
      ->capture_default_str()
      ->check(CLI::IsMember({"run", "placement", "load", "parallel"}));
  command
      .add_option("--memory", memory,
                  "DRAM: a YAML file or ddr3_1600_x16, ddr3_1600_x64; simple: answers after 10 ns")
      ->capture_default_str();
  command.add_option("--style", style, "TLM-2.0 coding style: loose or approximate")
      ->capture_default_str()
      ->check(CLI::IsMember({"loose", "approximate"}));
  command.add_option("--bus-bytes", bus_bytes, "Data that the bus moves in a cycle")
      ->capture_default_str()
      ->check(CLI::Range(1, 4096));
  command.add_option("--accelerators", accelerators, "That share the work")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  command
      .add_option("--parallel", parallel,
                  "How: data: images are dealt out; model: layers are, as evenly as they go")
      ->capture_default_str()
      ->check(CLI::IsMember({"data", "model"}));
  command.add_option("--weights", weights, "on_chip, or fetched from memory per_image, per_batch")
      ->capture_default_str()
      ->check(CLI::IsMember({"on_chip", "per_image", "per_batch"}));
  command.add_option("--z", z, "fused: z stays on chip; unfused: sequential layers spill it")
      ->capture_default_str()
      ->check(CLI::IsMember({"fused", "unfused"}));
  command.add_option("--batch", batch, "Images of a job, at most")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000000));
  command.add_option("--batches", batches, "Batch sizes of the load experiment, e.g. 1,4,16")
      ->delimiter(',')
      ->check(CLI::Range(1, 1000000));
  command
      .add_option("--batch-timeout-us", batch_time_out_us,
                  "A job begins with fewer images when the oldest has waited so long")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1e9));
  command.add_option("--arrivals", arrivals, "back_to_back, periodic or poisson")
      ->capture_default_str()
      ->check(CLI::IsMember({"back_to_back", "periodic", "poisson"}));
  command.add_option("--rate", rate, "Images per second, for periodic and poisson")
      ->check(CLI::Range(0.0, 1e9));
  command.add_option("--seed", seed, "Of poisson arrivals")->capture_default_str();
  command.add_option("--energy-table", energy_table, "horowitz-45nm or a YAML file in pJ")
      ->capture_default_str();
  command.add_option("--dense-network", dense_network, "For the dense rows of `placement`")
      ->capture_default_str();
}

int platform(const PlatformOptions& options) {
  const auto table =
      explore::EnergyTable::read(shipped_or_own("explore/energy", options.energy_table));
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
    document["dense_network_sha256"] = golden::sha256_of_file(options.dense_network);
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
