#include "cfcsim/run/results.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "cfcsim/run/schedule_comparison.h"
#include "configuration/configuration_file.h"
#include "support/version.h"
#include "testbench/serialisation.h"

namespace cfc {
namespace {

using nlohmann::json;

json yaml_json(const YAML::Node& node) {
  json value;
  switch (node.Type()) {
    case YAML::NodeType::Map:
      for (const auto& item : node) value[item.first.as<std::string>()] = yaml_json(item.second);
      return value;
    case YAML::NodeType::Scalar:
      value = json::parse(node.Scalar(), nullptr, false);
      return value.is_discarded() ? json(node.Scalar()) : value;
    default:
      return value;
  }
}

double per_image(std::uint64_t count, std::uint64_t images) {
  return images == 0 ? 0.0 : static_cast<double>(count) / static_cast<double>(images);
}

std::string shape_text(const LayerShape& shape) {
  return shape.r ? fmt::format("{} x {}, r {}", shape.m, shape.n, *shape.r)
                 : fmt::format("{} x {}", shape.m, shape.n);
}

std::string layers_text(const golden::Network& network, const Configuration& configuration,
                        const RunStatistics& statistics) {
  std::string text = fmt::format("{:<8}{:<12}{:<18}{}\n", "layer", "schedule", "shape",
                                 metric_headings(kInLayerTable));
  for (std::size_t i = 0; i < statistics.layers.size(); ++i) {
    const LayerConfiguration& layer = configuration.layers[i];
    text +=
        fmt::format("{:<8}{:<12}{:<18}{}\n", network.layers[i].name, to_string(layer.schedule),
                    shape_text(layer.shape),
                    metric_cells({layer, statistics.layers[i], statistics.images}, kInLayerTable));
  }
  return text;
}

std::string accesses_text(const golden::Network& network, const RunStatistics& statistics) {
  std::string text = memories_headings();
  for (std::size_t i = 0; i < statistics.layers.size(); ++i) {
    text += memories_text(network.layers[i].name, statistics.layers[i], statistics.images);
  }
  return text;
}

/// " (fitted)"; nothing of a clock that is configured.
std::string clock_origin_text(const Configuration& configuration) {
  if (configuration.clock_origin == ClockOrigin::configured) return "";
  return fmt::format(" ({})", to_string(configuration.clock_origin));
}

std::string verdict_text(const StreamResult& result) {
  const Mismatches& mismatches = result.verdict.mismatches;
  std::string text =
      fmt::format("{} images, {} mismatches (z {}, activations {}, logits {}, classes {})\n",
                  result.verdict.images, mismatches.total(), mismatches.z, mismatches.activations,
                  mismatches.logits, mismatches.classes);
  for (const std::string& example : result.verdict.examples) text += "  " + example + '\n';
  if (const auto accuracy = result.verdict.accuracy()) {
    text += fmt::format("accuracy {:.4f}\n", *accuracy);
  }
  return text;
}

json file_json(const DataFile& file) { return {{"file", file.file}, {"sha256", file.sha256}}; }

json subject_json(const NetworkSource& network) {
  json document = {{"network", file_json(network.file)},
                   {"split", network.split},
                   {"first_image", network.first_image}};
  document["network"]["metadata"] = network.metadata;
  if (network.inputs) {
    document["split"] = nullptr;
    document["inputs"] = file_json(*network.inputs);
  }
  return document;
}

json subject_json(const WorkloadSource& workload) {
  json document = {{"network", nullptr},
                   {"split", nullptr},
                   {"first_image", nullptr},
                   {"workload", file_json(workload.file)}};
  document["workload"]["name"] = workload.name;
  document["workload"]["source"] = workload.source;
  document["workload"]["seed"] = workload.seed ? json(*workload.seed) : json();
  return document;
}

}  // namespace

std::string Manifest::name() const {
  if (const auto* workload = std::get_if<WorkloadSource>(&subject)) return workload->name;
  return std::get<NetworkSource>(subject).file.file;
}

json manifest_json(const Manifest& manifest) {
  json document = {{"version", kVersion}, {"config_source", manifest.config_source}};
  document.update(
      std::visit([](const auto& subject) { return subject_json(subject); }, manifest.subject));
  if (manifest.technology) document["technology"] = technology_json(manifest.technology);
  return document;
}

json manifest_json(const Manifest& manifest, const Configuration& configuration) {
  json document = manifest_json(manifest);
  document.update(machine_json(configuration));
  return document;
}

json machine_json(const Configuration& configuration) {
  return {{"config", yaml_json(YAML::Load(to_yaml(configuration)))},
          {"clock_origin", to_string(configuration.clock_origin)}};
}

json layer_json(const std::string& name, const LayerRun& layer, unsigned places) {
  const LayerShape& shape = layer.machine.shape;
  json document = {{"name", name},
                   {"schedule", to_string(layer.machine.schedule)},
                   {"m", shape.m},
                   {"n", shape.n},
                   {"r", shape.r ? json(*shape.r) : json()}};
  document.update(layer_metrics_json(layer, places));
  return document;
}

json verify_json(const StreamTask& task, const StreamResult& result, double wall_seconds,
                 const Manifest& manifest) {
  const auto accuracy = result.verdict.accuracy();
  json document = {{"schema", "cfcsim.verify/1"},
                   {"interrupted", result.interrupted},
                   {"images", result.verdict.images},
                   {"accuracy", accuracy ? json(*accuracy) : json()},
                   {"mismatches", result.verdict.mismatches},
                   {"mismatch_examples", result.verdict.examples}};
  document.update(manifest_json(manifest, task.configuration));
  if (result.interrupted) return document;
  const RunStatistics& statistics = result.statistics;
  document["cycles"] = {{"total", statistics.cycles},
                        {"per_image_mean", per_image(statistics.cycles, statistics.images)}};
  document["timing_model_agrees"] = result.timing_model_agrees;
  for (std::size_t i = 0; i < statistics.layers.size(); ++i) {
    const LayerRun layer{task.configuration.layers[i], statistics.layers[i], statistics.images};
    document["layers"].push_back(layer_json(task.network.layers[i].name, layer, kInResults));
  }
  document["speed"] = {
      {"cycles_per_second", static_cast<double>(statistics.cycles) / result.simulation_seconds},
      {"images_per_second", static_cast<double>(statistics.images) / wall_seconds}};
  return document;
}

std::string verify_text(const StreamTask& task, const StreamResult& result, double wall_seconds,
                        const Manifest& manifest) {
  std::string text = fmt::format("{} on {}\n", manifest.name(), manifest.config_source);
  text += verdict_text(result);
  if (result.interrupted) return text + "interrupted: the images behind these were not verified\n";
  const RunStatistics& statistics = result.statistics;
  const double cycles_per_image = per_image(statistics.cycles, statistics.images);
  text += fmt::format("{} cycles, {:.1f} an image, {:.0f} images/s at {} ns a cycle{}\n",
                      statistics.cycles, cycles_per_image,
                      1e9 / (cycles_per_image * task.configuration.clock_period_ns),
                      task.configuration.clock_period_ns, clock_origin_text(task.configuration));
  text += result.timing_model_agrees
              ? "the timing model predicts the same cycles, accesses and stalls\n\n"
              : "THE TIMING MODEL PREDICTS OTHER CYCLES, ACCESSES OR STALLS\n\n";
  text += layers_text(task.network, task.configuration, statistics) + '\n';
  const std::string schedules = schedule_comparison(task.network, task.configuration);
  if (!schedules.empty()) text += schedules + '\n';
  text += "accesses of one image\n" + accesses_text(task.network, statistics) + '\n';
  text += fmt::format(
      "simulated {:.2f} million cycles a second of processor time, {:.1f} s in all\n",
      static_cast<double>(statistics.cycles) / result.simulation_seconds / 1e6, wall_seconds);
  return text;
}

ExitStatus exit_status(const StreamResult& result) {
  if (result.verdict.mismatches.total() > 0) return kExitCheckFailed;
  if (result.interrupted) return kExitInterrupted;
  return result.timing_model_agrees ? kExitOk : kExitCheckFailed;
}

}  // namespace cfc
