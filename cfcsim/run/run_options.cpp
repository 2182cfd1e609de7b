#include "cfcsim/run/run_options.h"

#include <cstdlib>
#include <iostream>

#include <fmt/format.h>

#include "exchange/data/network_data.h"
#include "exchange/data/number_file.h"
#include "explore/silicon/synthesised_clock.h"
#include "golden/onnx_file.h"
#include "support/command/command_line.h"
#include "support/command/named_file.h"
#include "support/digest.h"
#include "support/error.h"
#include "support/keyed_file.h"
#include "support/project_folder.h"
#include "support/whole_file.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultNetwork = "mnist-784-50-100-10-r30.onnx";

}  // namespace

void RunOptions::add_to(CLI::App& command) {
  network = default_network();
  command
      .add_option("--network", network,
                  "Network: an ONNX file, or the name of one in golden/models")
      ->type_name(kInput)
      ->transform(network_file)
      ->capture_default_str();
  command
      .add_option("--config", config,
                  "Configuration of the accelerator (YAML); default: all defaults")
      ->type_name(kInput);
  command.add_option("--set", overrides, "Override one key of the configuration, KEY=VALUE")
      ->allow_extra_args(false);
  add_technology_option(command, technology);
  command
      .add_option("--data", data, "Folder of the IDX files; default: $CFCSIM_DATA, else data/mnist")
      ->type_name(kInputFolder);
  command.add_option("--split", split, "train, validation or test")->capture_default_str();
  CLI::Option* inputs_option =
      command
          .add_option("--inputs", inputs,
                      "Input vectors instead: X.npy, X.npz:KEY or X.csv, a row each")
          ->type_name(kKeyedInput)
          ->excludes("--data")
          ->excludes("--split");
  command.add_option("--labels", labels, "Their classes, from 0, in the same kinds of file")
      ->type_name(kKeyedInput)
      ->needs(inputs_option);
  command.add_option("--images", images, "How many images; default: all of the split");
  command.add_option("--first", first_image, "First image, from 0")->capture_default_str();
  command.add_option("--json", json, "Write the result as JSON to this file; - is standard output")
      ->type_name(kOutput);
}

RunSubject RunOptions::subject() const {
  return subject(technology_for(settings_of(config, overrides)));
}

RunSubject RunOptions::subject(std::optional<TechnologySource> cells) const {
  RunSubject subject;
  subject.network = golden::read_network(network);
  subject.settings = settings_of(config, overrides);
  subject.configuration =
      explore::resolve(subject.settings, explore::workload_of(subject.network), cells_of(cells));
  subject.dataset = dataset_for(subject.network);
  subject.first_image = first_image;
  subject.images = images_of(subject.dataset);
  subject.manifest = manifest_for(subject.network);
  subject.manifest.technology = std::move(cells);
  return subject;
}

std::optional<TechnologySource> RunOptions::technology_for(const Settings& settings) const {
  if (!settings.asks_for_synthesised_clock()) return {};
  return find_technology(technology);
}

fs::path RunOptions::data_directory() const {
  if (data) return *data;
  const char* from_environment = std::getenv("CFCSIM_DATA");
  return from_environment ? fs::path(from_environment) : project_folder("data/mnist");
}

golden::Dataset RunOptions::named_data(const golden::Network& network_read) const {
  golden::Dataset dataset;
  dataset.images = exchange::network_inputs(exchange::read_numbers(*inputs), network_read);
  if (labels) {
    dataset.labels = exchange::class_labels(exchange::read_numbers(*labels), dataset.size(),
                                            network_read.outputs());
  }
  return dataset;
}

golden::Dataset RunOptions::dataset_for(const golden::Network& network_read) const {
  if (inputs) return named_data(network_read);
  const fs::path directory = data_directory();
  const golden::Split chosen = golden::parse_split(split);
  if (json) refuse_to_destroy(*json, "--json", golden::dataset_files(directory, chosen));
  golden::Dataset dataset = golden::load_dataset(directory, chosen);
  if (dataset.images.cols() != network_read.inputs()) {
    throw InputError(fmt::format("{}: images of {} pixels, but {} takes {}", directory.string(),
                                 dataset.images.cols(), network.string(), network_read.inputs()));
  }
  return dataset;
}

golden::Index RunOptions::images_of(const golden::Dataset& dataset) const {
  const std::string source = inputs.value_or(fmt::format("the {} split", split));
  if (first_image < 0 || first_image >= dataset.size()) {
    throw InputError(
        fmt::format("--first {}: {} has images 0 to {}", first_image, source, dataset.size() - 1));
  }
  const golden::Index left = dataset.size() - first_image;
  if (images && (*images < 1 || *images > left)) {
    throw InputError(fmt::format("--images {}: from image {} on, {} has {}; give 1 to {}", *images,
                                 first_image, source, left, left));
  }
  return images.value_or(left);
}

std::string RunOptions::config_source() const {
  const std::string source = config ? config->string() : "the default configuration";
  if (overrides.empty()) return source;
  return fmt::format("{} with {}", source, fmt::join(overrides, ", "));
}

DataFile data_file(const fs::path& file) {
  return {file.filename().string(), sha256_of_file(file)};
}

Manifest RunOptions::manifest_for(const golden::Network& network_read) const {
  NetworkSource source{data_file(network), network_read.metadata, split, first_image, {}};
  if (inputs) {
    source.inputs = data_file(parse_keyed_file(*inputs).file);
    source.inputs->file = fs::path(*inputs).filename().string();  // with the key
  }
  return {config_source(), source};
}

Settings settings_of(const std::optional<fs::path>& config,
                     const std::vector<std::string>& overrides) {
  Settings settings = config ? read_settings(*config) : Settings{};
  for (const std::string& assignment : overrides) apply_override(settings, assignment);
  return settings;
}

fs::path default_network() { return project_folder("golden/models") / kDefaultNetwork; }

void write_result(const std::string& text, const fs::path& file) {
  if (file != "-") return write_whole_file(file, text);
  std::cout << text << std::flush;
  if (!std::cout) throw InputError("standard output cannot be written");
}

void write_json(const nlohmann::json& document, const fs::path& file) {
  write_result(document.dump(2) + '\n', file);
}

}  // namespace cfc
