#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cfcsim/run/results.h"
#include "configuration/configuration_file.h"
#include "golden/dataset.h"
#include "golden/network.h"

namespace cfc {

/// What every subcommand that runs a network takes.
struct RunOptions {
  std::filesystem::path network;
  std::optional<std::filesystem::path> config;
  std::vector<std::string> overrides;
  std::optional<std::filesystem::path> data;
  std::string split{"validation"};
  std::optional<golden::Index> images;
  golden::Index first_image{0};
  std::optional<std::filesystem::path> json;

  /// Adds the options to a subcommand.
  void add_to(CLI::App& command);

  /// File and overrides, before they meet a network.
  Settings settings() const;
  Configuration configuration_for(const golden::Network& network) const;
  /// The data set's split, checked against the network's input and the images asked for.
  golden::Dataset dataset_for(const golden::Network& network) const;
  golden::Index images_of(const golden::Dataset& dataset) const;
  Manifest manifest_for(const golden::Network& network) const;

 private:
  std::filesystem::path data_directory() const;
  std::string config_source() const;
};

/// What a configuration file, if there is one, and overrides (KEY=VALUE) say.
Settings settings_of(const std::optional<std::filesystem::path>& config,
                     const std::vector<std::string>& overrides);

/// The network that commands take where none is named.
std::filesystem::path default_network();

/// An energy table: a file, or the name of one that comes with the project.
std::filesystem::path energy_table_file(const std::string& name);

/// Writes a document to a file, whole or not at all; "-" is standard output. Throws InputError.
void write_json(const nlohmann::json& document, const std::filesystem::path& file);

}  // namespace cfc
