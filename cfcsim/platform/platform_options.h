#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cfcsim/run/run_options.h"
#include "platform/system/platform.h"
#include "support/command/choice_option.h"

namespace cfc {

enum class Experiment { run, placement, load, parallel };
enum class WeightSource { on_chip, per_image, per_batch };
enum class ZPlace {
  fused,    ///< z stays on chip
  unfused,  ///< sequential layers spill it
};

/// The names of the experiments, as they are typed and in results.
const Choices<Experiment>& experiments();

/// `cfcsim platform`: accelerators in a system with a host, a bus and memory.
struct PlatformOptions {
  RunOptions run;
  Experiment experiment{Experiment::run};
  std::string memory{"ddr3_1600_x16"};
  CodingStyle style{CodingStyle::approximately_timed};
  unsigned bus_bytes{32};
  unsigned accelerators{1};
  Parallelism parallel{Parallelism::data};
  WeightSource weights{WeightSource::on_chip};
  ZPlace z{ZPlace::fused};
  unsigned batch{1};
  std::vector<unsigned> batches;  ///< of the load experiment; empty: `batch`
  double batch_time_out_us{0};
  ArrivalKind arrivals{ArrivalKind::back_to_back};
  double rate{0};  ///< images per second
  std::uint64_t seed{1};
  std::string energy_table{"horowitz-45nm"};
  std::uint32_t time_out_cycles{0};  ///< 0: none
  std::filesystem::path dense_network;

  void add_to(CLI::App& command);
  bool has(const std::string& option) const;  ///< on the command line

  /// Throws InputError where an option would change nothing, or one is missing.
  void check() const;

 private:
  void add_experiment_to(CLI::App& command);
  void add_machine_to(CLI::App& command);
  void add_jobs_to(CLI::App& command);

  const CLI::App* command_{};
};

}  // namespace cfc
