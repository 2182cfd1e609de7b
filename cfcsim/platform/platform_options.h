#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cfcsim/run/run_options.h"

namespace cfc {

/// `cfcsim platform`: accelerators in a system with a host, a bus and memory.
struct PlatformOptions {
  RunOptions run;
  std::string experiment{"run"};  ///< run, placement, load or parallel
  std::string memory{"ddr3_1600_x16"};
  std::string style{"approximate"};
  unsigned bus_bytes{32};
  unsigned accelerators{1};
  std::string parallel{"data"};
  std::string weights{"on_chip"};  ///< on_chip, per_image or per_batch
  std::string z{"fused"};
  unsigned batch{1};
  std::vector<unsigned> batches;  ///< of the load experiment; empty: `batch`
  double batch_time_out_us{0};
  std::string arrivals{"back_to_back"};
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
