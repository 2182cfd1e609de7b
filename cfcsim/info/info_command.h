#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cfcsim/run/technology_option.h"

namespace cfc {

/// `cfcsim info`: what a network, a workload or a configuration is.
struct InfoOptions {
  std::string subject;  ///< a file, or the name of a network or workload of the project
  std::string network;  ///< that a configuration is resolved for
  std::string technology{kDefaultTechnology};  ///< of its clock, where it is synthesised
  std::optional<std::filesystem::path> json;

  void add_to(CLI::App& command);
};

/// Returns the exit status. Throws InputError.
int info(const InfoOptions& options);

/// `cfcsim workloads`: the workloads of the project, and what the schedules make of them.
struct WorkloadsOptions {
  std::string energy_table{"horowitz-45nm"};
  std::optional<std::filesystem::path> json;

  void add_to(CLI::App& command);
};

/// Returns the exit status. Throws InputError.
int workloads(const WorkloadsOptions& options);

}  // namespace cfc
