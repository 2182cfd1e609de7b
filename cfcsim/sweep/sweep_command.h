#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cfcsim/run/technology_option.h"

namespace cfc {

/// `cfcsim sweep`: every point of a grid by the timing model, into a database.
struct SweepOptions {
  std::filesystem::path grid;
  std::filesystem::path database;
  std::vector<std::string> networks;   ///< files, or names of those of the project
  std::vector<std::string> workloads;  ///< as well
  std::optional<std::filesystem::path> config;
  std::vector<std::string> overrides;
  std::uint64_t images{100};
  std::string energy_table{"none"};
  std::string weights{"on_chip"};
  std::string technology{kDefaultTechnology};
  std::string shard{"1/1"};
  int jobs{1};
  std::optional<std::string> simulate;
  std::vector<std::string> pareto{"cycles", "multipliers", "peak_bits"};
  std::optional<std::filesystem::path> csv;
  std::optional<std::filesystem::path> json;

  void add_to(CLI::App& command);
};

/// Returns the exit status: 0, 1 if SystemC and a stored point differ, 130 after an interrupt.
/// Throws InputError.
int sweep(const SweepOptions& options);

/// `cfcsim sweep-merge`: databases of several machines into one.
struct SweepMergeOptions {
  std::filesystem::path target;
  std::vector<std::filesystem::path> sources;

  void add_to(CLI::App& command);
};

/// Returns the exit status 0. Throws InputError.
int sweep_merge(const SweepMergeOptions& options);

}  // namespace cfc
