#include "cfcsim/run/workload_options.h"

#include <fmt/format.h>

#include "support/command/command_line.h"
#include "support/command/named_file.h"
#include "support/error.h"

namespace cfc {

void WorkloadOptions::add_to(CLI::App& command) {
  CLI::Option* workload =
      command
          .add_option("--workload", file,
                      "Shapes without weights instead of a network: a name that cfcsim workloads "
                      "lists, or a YAML file")
          ->type_name(kInput)
          ->transform(workload_file);
  for (const char* of_a_network :
       {"--network", "--data", "--split", "--inputs", "--labels", "--first"}) {
    workload->excludes(of_a_network);
  }
}

explore::Workload WorkloadOptions::read() const { return explore::read_workload(file.value()); }

Manifest WorkloadOptions::manifest(const explore::Workload& workload, const RunOptions& run,
                                   std::optional<std::uint64_t> seed) const {
  return {run.config_source(),
          WorkloadSource{data_file(*file), workload.name, workload.source, seed}};
}

std::uint64_t inferences_of(const RunOptions& run) {
  constexpr golden::Index kMost = 1'000'000'000;
  constexpr golden::Index kUsual = 100;
  const golden::Index inferences = run.images.value_or(kUsual);
  if (inferences < 1 || inferences > kMost) {
    throw InputError(fmt::format("--images {}: give 1 to {} inferences", inferences, kMost));
  }
  return static_cast<std::uint64_t>(inferences);
}

}  // namespace cfc
