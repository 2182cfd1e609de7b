#include "cfcsim/info/info_command.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "cfcsim/info/subject_info.h"
#include "cfcsim/run/run_options.h"
#include "explore/silicon/synthesised_clock.h"
#include "golden/onnx_file.h"
#include "support/command/command_line.h"
#include "support/command/named_file.h"
#include "support/digest.h"
#include "support/version.h"
#include "support/yaml_file.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Whether a YAML file says that it is a workload; any other is taken for a configuration.
bool is_workload(const fs::path& file) {
  const YAML::Node document = read_yaml(file, "give a network, a workload or a configuration");
  return document.IsMap() && document["schema"];
}

/// A configuration as a network resolves it: every key of every layer.
json configuration_info(const fs::path& file, const InfoOptions& options) {
  const Settings settings = read_settings(file);
  const golden::Network network = golden::read_network(options.network);
  const auto technology =
      settings.asks_for_synthesised_clock() ? find_technology(options.technology) : std::nullopt;
  const Configuration resolved =
      explore::resolve(settings, explore::workload_of(network), cells_of(technology));
  json document = {{"kind", "configuration"},
                   {"network", fs::path(options.network).filename().string()},
                   {"yaml", to_yaml(resolved)}};
  document.update(machine_json(resolved));
  if (technology) document["technology"] = technology_json(technology);
  return document;
}

json info_of(const fs::path& file, const InfoOptions& options) {
  const bool is_yaml = file.extension() == ".yaml" || file.extension() == ".yml";
  if (!is_yaml) return network_info(golden::read_network(file));
  if (is_workload(file)) return workload_info(explore::read_workload(file));
  return configuration_info(file, options);
}

std::string text_of(const json& document) {
  const std::string head =
      fmt::format("{}: {}, SHA-256 {}\n", document["file"].get<std::string>(),
                  document["kind"].get<std::string>(), document["sha256"].get<std::string>());
  if (document["kind"] != "configuration") return head + info_text(document);
  return fmt::format("{}for {}:\n{}", head, document["network"].get<std::string>(),
                     document["yaml"].get<std::string>());
}

}  // namespace

void InfoOptions::add_to(CLI::App& command) {
  network = default_network().string();
  command
      .add_option(
          "subject", subject,
          "A network (ONNX), a workload or a configuration (YAML), or the name of a network "
          "or workload of the project")
      ->type_name(kInput)
      ->transform(any_file)
      ->required();
  command.add_option("--network", network, "Network that a configuration is resolved for")
      ->type_name(kInput)
      ->transform(network_file)
      ->capture_default_str();
  add_technology_option(command, technology);
  command.add_option("--json", json, "Write it as JSON to this file; - is standard output")
      ->type_name(kOutput);
}

int info(const InfoOptions& options) {
  const fs::path file = options.subject;
  json document = info_of(file, options);
  document["schema"] = "cfcsim.info/1";
  document["version"] = kVersion;
  document["file"] = file.filename().string();
  document["sha256"] = sha256_of_file(file);
  const std::string text = text_of(document);
  document.erase("yaml");
  if (options.json) write_json(document, *options.json);
  if (options.json != "-") fmt::print("{}", text);
  return kExitOk;
}

}  // namespace cfc
