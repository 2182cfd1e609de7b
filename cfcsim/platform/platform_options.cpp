#include "cfcsim/platform/platform_options.h"

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/command/command_line.h"
#include "support/command/named_file.h"
#include "support/error.h"

namespace cfc {
namespace {

const Choices<CodingStyle> kStyles{{"loose", CodingStyle::loosely_timed},
                                   {"approximate", CodingStyle::approximately_timed}};
const Choices<Parallelism> kParallelisms{{to_string(Parallelism::data), Parallelism::data},
                                         {to_string(Parallelism::model), Parallelism::model}};
const Choices<WeightSource> kWeightSources{{"on_chip", WeightSource::on_chip},
                                           {"per_image", WeightSource::per_image},
                                           {"per_batch", WeightSource::per_batch}};
const Choices<ZPlace> kZPlaces{{"fused", ZPlace::fused}, {"unfused", ZPlace::unfused}};
const Choices<ArrivalKind> kArrivals{
    {to_string(ArrivalKind::back_to_back), ArrivalKind::back_to_back},
    {to_string(ArrivalKind::periodic), ArrivalKind::periodic},
    {to_string(ArrivalKind::poisson), ArrivalKind::poisson}};

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

/// An option that changes nothing is a mistake of the user.
[[noreturn]] void refuse(const std::string& option, const std::string& why) {
  throw InputError(fmt::format("{}: {}; leave it out", option, why));
}

void check_scopes(const PlatformOptions& options) {
  const std::string experiment = name_of(experiments(), options.experiment);
  for (const auto& [option, those] : kScopes) {
    if (options.has(option) && those.count(experiment) == 0) {
      refuse(option, fmt::format("has no meaning in --experiment {}, only in {}", experiment,
                                 fmt::join(those, ", ")));
    }
  }
}

void check_arrivals(const PlatformOptions& options) {
  if (options.has("--batch") && options.has("--batches")) {
    refuse("--batch", "--batches says the sizes");
  }
  if (options.experiment != Experiment::run) return;
  if (options.arrivals == ArrivalKind::back_to_back) {
    for (const char* option : {"--rate", "--seed", "--batch-timeout-us"}) {
      if (options.has(option)) refuse(option, "has no meaning for images back to back");
    }
  } else if (options.rate <= 0) {
    throw InputError("--rate: periodic and poisson arrivals need images per second above 0");
  }
  if (options.arrivals == ArrivalKind::periodic && options.has("--seed")) {
    refuse("--seed", "has no meaning for periodic arrivals");
  }
}

}  // namespace

const Choices<Experiment>& experiments() {
  static const Choices<Experiment> all{{"run", Experiment::run},
                                       {"placement", Experiment::placement},
                                       {"load", Experiment::load},
                                       {"parallel", Experiment::parallel}};
  return all;
}

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
  dense_network = default_dense_network();
  add_choice(command, "--experiment", experiment, experiments(),
             "run: one platform; placement: where weights and z live, by schedule; load: "
             "latency against load, with one and two accelerators; parallel: accelerators that "
             "share images, or layers");
  command.add_option("--energy-table", energy_table, "horowitz-45nm or a YAML file in pJ")
      ->type_name(kInput)
      ->capture_default_str();
  command.add_option("--dense-network", dense_network, "For the dense rows of `placement`")
      ->type_name(kInput)
      ->transform(network_file)
      ->capture_default_str();
}

void PlatformOptions::add_machine_to(CLI::App& command) {
  command
      .add_option("--memory", memory,
                  "DRAM: a YAML file or ddr3_1600_x16, ddr3_1600_x64; simple: answers after 10 ns")
      ->type_name(kInput)
      ->capture_default_str();
  add_choice(command, "--style", style, kStyles, "TLM-2.0 coding style: loose or approximate");
  command.add_option("--bus-bytes", bus_bytes, "Data that the bus moves in a cycle")
      ->capture_default_str()
      ->check(CLI::Range(1, 4096));
  command.add_option("--accelerators", accelerators, "That share the work")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  add_choice(command, "--parallel", parallel, kParallelisms,
             "How: data: images are dealt out; model: layers are, as evenly as they go");
  add_choice(command, "--weights", weights, kWeightSources,
             "on_chip, or fetched from memory per_image, per_batch");
  add_choice(command, "--z", z, kZPlaces,
             "fused: z stays on chip; unfused: sequential layers spill it");
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
      ->check(CLI::Range(0.0, 1e9));
  add_choice(command, "--arrivals", arrivals, kArrivals, "back_to_back, periodic or poisson");
  command.add_option("--rate", rate, "Images per second, for periodic and poisson")
      ->check(CLI::Range(0.0, 1e9));
  command.add_option("--seed", seed, "Of poisson arrivals")->capture_default_str();
  command
      .add_option("--time-out-cycles", time_out_cycles,
                  "Clock cycles without an answer from memory that are an error; 0: wait for ever")
      ->capture_default_str();
}

}  // namespace cfc
