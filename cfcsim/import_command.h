#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "exchange/import/import.h"

namespace cfc {

/// `cfcsim import`: somebody's ONNX model becomes a network.
struct ImportCommandOptions {
  std::filesystem::path model;
  std::filesystem::path network;
  std::optional<std::string> calibration;
  std::optional<std::string> expected;  ///< outputs of the calibration data
  exchange::ScaleOptions scales;
  std::vector<std::string> ranks;  ///< LAYER:RANK
  std::optional<double> rank_energy;
  std::optional<std::filesystem::path> json;

  void add_to(CLI::App& command);
};

/// Returns the exit status, 0. Throws InputError, and then leaves no network behind.
int import_network(const ImportCommandOptions& options);

}  // namespace cfc
