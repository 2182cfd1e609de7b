#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cfcsim/run/run_subject.h"

namespace cfc {

/// What every subcommand that runs a network takes.
struct RunOptions {
  std::filesystem::path network;
  std::optional<std::filesystem::path> config;
  std::vector<std::string> overrides;
  std::string technology{kDefaultTechnology};
  std::optional<std::filesystem::path> data;
  std::string split{"validation"};
  std::optional<golden::Index> images;
  golden::Index first_image{0};
  std::optional<std::string> inputs;
  std::optional<std::string> labels;
  std::optional<std::filesystem::path> json;

  /// Adds the options to a subcommand.
  void add_to(CLI::App& command);

  /// Reads and checks all that these name: the split's images fit the network's input, and as many
  /// as are asked for are there. Throws InputError.
  RunSubject subject() const;

  /// The same with this technology instead of the one that the options name.
  RunSubject subject(std::optional<TechnologySource> cells) const;

  /// The technology that the options name, where settings ask for its clock. Throws InputError.
  std::optional<TechnologySource> technology_for(const Settings& settings) const;

  /// Where the configuration is from, in words: file and overrides.
  std::string config_source() const;

 private:
  std::filesystem::path data_directory() const;
  golden::Dataset dataset_for(const golden::Network& network_read) const;
  golden::Dataset named_data(const golden::Network& network_read) const;
  golden::Index images_of(const golden::Dataset& dataset) const;
  Manifest manifest_for(const golden::Network& network_read) const;
};

/// What a configuration file, if there is one, and overrides (KEY=VALUE) say.
Settings settings_of(const std::optional<std::filesystem::path>& config,
                     const std::vector<std::string>& overrides);

/// A file as manifests name it. Throws InputError where it cannot be read.
DataFile data_file(const std::filesystem::path& file);

/// The network that commands take where none is named.
std::filesystem::path default_network();

/// Writes a result to a file, whole or not at all; "-" is standard output. Throws InputError.
void write_result(const std::string& text, const std::filesystem::path& file);
void write_json(const nlohmann::json& document, const std::filesystem::path& file);

}  // namespace cfc
