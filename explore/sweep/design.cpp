#include "explore/sweep/design.h"

#include <fmt/format.h>

#include "configuration/configuration_keys.h"
#include "explore/silicon/synthesised_clock.h"
#include "golden/onnx_file.h"
#include "support/digest.h"
#include "support/error.h"

namespace cfc::explore {
namespace {

/// "key":value; a value is a number or a word without special characters.
template <typename Keys, typename Resolved>
void append_members(std::string& json, const Keys& keys, const Resolved& resolved) {
  for (const auto& key : keys) {
    const std::string value = key.get(resolved);
    const bool is_word = value.front() >= 'a' && value.front() <= 'z';
    const char* quote = is_word ? "\"" : "";
    json.append("\"").append(key.name).append("\":").append(quote).append(value).append(quote);
    json += ',';
  }
}

std::string asked_json(const std::string& assignments) {
  std::string json = "{\"asked\":{";
  std::size_t begin = 0;
  while (begin < assignments.size()) {
    const std::size_t equals = assignments.find('=', begin);
    const std::size_t end = assignments.find('\n', begin);
    json += fmt::format("{}\"{}\":\"{}\"", begin == 0 ? "" : ",",
                        assignments.substr(begin, equals - begin),
                        assignments.substr(equals + 1, end - equals - 1));
    begin = end + 1;
  }
  return json + "}}";
}

/// A period that standard cells gave is not the same one asked for: results say which it is.
std::string clock_line(const Design& design) {
  if (!design.configuration) return "";
  const ClockOrigin origin = design.configuration->clock_origin;
  return origin == ClockOrigin::configured ? "" : fmt::format("clock {}\n", to_string(origin));
}

}  // namespace

NetworkFacts read_network_facts(const std::filesystem::path& file) {
  const golden::Network network = golden::read_network(file);
  NetworkFacts facts{file.filename().string(), sha256_of_file(file), {}, workload_of(network)};
  try {
    facts.accuracy = golden::recorded_share(network, "validation_accuracy");
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", file.string(), error.what()));
  }
  return facts;
}

NetworkFacts read_workload_facts(const std::filesystem::path& file) {
  return {file.filename().string(), sha256_of_file(file), {}, read_workload(file)};
}

std::string to_string(const WeightPlace& weights) {
  return weights.kind == WeightPlace::Kind::on_chip ? "on_chip"
                                                    : fmt::format("dram/{}", weights.batch);
}

std::string to_json(const Configuration& configuration) {
  std::string json = "{";
  append_members(json, top_keys(), configuration);
  json.append("\"").append(kLayers).append("\":{");
  for (std::size_t i = 0; i < configuration.layers.size(); ++i) {
    json.append(i == 0 ? "\"" : ",\"").append(std::to_string(i + 1)).append("\":{");
    append_members(json, layer_keys(), configuration.layers[i]);
    json.back() = '}';
  }
  return json + "}}";
}

DesignSpace::DesignSpace(const NetworkFacts& network, const Grid& grid, const Settings& base,
                         const SweepSetting& setting)
    : workload_(network.workload),
      technology_(setting.technology.get()),
      cursor_(grid, base),
      manifest_(fmt::format("model {}\nnetwork {}\nimages {}\n", kModelVersion, network.sha256,
                            setting.images)) {
  if (setting.technology) manifest_ += fmt::format("cells {}\n", setting.technology_sha256);
  if (!setting.energy) return;
  manifest_ += fmt::format("energy {}\nweights {}\n", setting.energy_sha256,
                           to_string(setting.energy->weights));
}

Design DesignSpace::design_at(std::uint64_t point) {
  Design design;
  try {
    design.configuration = resolve(cursor_.settings_at(point), workload_, technology_);
    design.configuration_json = to_json(*design.configuration);
  } catch (const InputError& error) {
    design.configuration_json = asked_json(cursor_.assignments_at(point));
    design.failure = error.what();
  }
  design.digest = sha256_of_text(manifest_ + clock_line(design) + design.configuration_json + '\n' +
                                 design.failure);
  return design;
}

}  // namespace cfc::explore
