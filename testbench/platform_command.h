#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "testbench/run_options.h"

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
  std::filesystem::path dense_network;

  void add_to(CLI::App& command);
};

/// Returns the exit status: 0, 1 if a result differs from golden, 130 after an interrupt. Throws
/// InputError.
int platform(const PlatformOptions& options);

}  // namespace cfc
