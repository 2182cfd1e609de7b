#include "cfcsim/platform/platform_options.h"

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/cli_finite.h"
#include "support/error.h"
#include "support/project_folder.h"

namespace cfc {
namespace {

/// Options that do not go with every experiment: the others set them themselves.
struct Scope {
  const char* option;
  std::set<std::string> experiments;
};
const std::vector<Scope> kScopes = {{"--accelerators", {"run", "placement"}},
                                    {"--parallel", {"run", "placement", "load"}},
                                    {"--weights", {"run", "load"}},
                                    {"--z", {"run", "load", "parallel"}},
                                    {"--batch", {"run", "load", "parallel"}},
                                    {"--batches", {"load"}},
                                    {"--batch-timeout-us", {"run", "load"}},
                                    {"--arrivals", {"run"}},
                                    {"--rate", {"run"}},
                                    {"--seed", {"run", "load"}},
                                    {"--dense-network", {"placement"}}};

/// An option that changes nothing is a mistake of whoever gave it.
[[noreturn]] void refuse(const std::string& option, const std::string& why) {
  throw InputError(fmt::format("{}: {}; leave it out", option, why));
}

void check_scopes(const PlatformOptions& options) {
  for (const auto& [option, experiments] : kScopes) {
    if (options.has(option) && experiments.count(options.experiment) == 0) {
      refuse(option, fmt::format("has no meaning in --experiment {}, only in {}",
                                 options.experiment, fmt::join(experiments, ", ")));
    }
  }
}

void check_arrivals(const PlatformOptions& options) {
  if (options.has("--batch") && options.has("--batches")) {
    refuse("--batch", "--batches says the sizes");
  }
  if (options.experiment != "run") return;
  if (options.arrivals == "back_to_back") {
    for (const char* option : {"--rate", "--seed", "--batch-timeout-us"}) {
      if (options.has(option)) refuse(option, "has no meaning for images back to back");
    }
  } else if (options.rate <= 0) {
    throw InputError("--rate: periodic and poisson arrivals need images per second above 0");
  }
  if (options.arrivals == "periodic" && options.has("--seed")) {
    refuse("--seed", "has no meaning for periodic arrivals");
  }
}

}  // namespace

bool PlatformOptions::has(const std::string& option) const { return command_->count(option) > 0; }

void PlatformOptions::check() const {
  check_scopes(*this);
  check_arrivals(*this);
}

void PlatformOptions::add_to(CLI::App& command) {
  command_ = &command;
  run.add_to(command);
  add_experiment_to(command);
  add_machine_to(command);
  add_jobs_to(command);
}

void PlatformOptions::add_experiment_to(CLI::App& command) {
  dense_network = project_folder("golden/models") / "mnist-784-50-100-10.onnx";
  command
      .add_option(
          "--experiment", experiment,
          "run: one platform; placement: where weights and z live, by schedule; load: "
          "latency against load, with one and two accelerators; parallel: accelerators that "
          "share images, or layers")
      ->capture_default_str()
      ->check(CLI::IsMember({"run", "placement", "load", "parallel"}));
  command.add_option("--energy-table", energy_table, "horowitz-45nm or a YAML file in pJ")
      ->capture_default_str();
  command.add_option("--dense-network", dense_network, "For the dense rows of `placement`")
      ->capture_default_str();
}

void PlatformOptions::add_machine_to(CLI::App& command) {
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
}

void PlatformOptions::add_jobs_to(CLI::App& command) {
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
      ->check(finite)
      ->check(CLI::Range(0.0, 1e9));
  command.add_option("--arrivals", arrivals, "back_to_back, periodic or poisson")
      ->capture_default_str()
      ->check(CLI::IsMember({"back_to_back", "periodic", "poisson"}));
  command.add_option("--rate", rate, "Images per second, for periodic and poisson")
      ->check(finite)
      ->check(CLI::Range(0.0, 1e9));
  command.add_option("--seed", seed, "Of poisson arrivals")->capture_default_str();
  command
      .add_option("--time-out-cycles", time_out_cycles,
                  "Clock cycles without an answer from memory that are an error; 0: wait for ever")
      ->capture_default_str();
}

}  // namespace cfc
