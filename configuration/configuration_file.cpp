#include "configuration/configuration_file.h"

#include <limits>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "configuration/configuration_keys.h"
#include "support/error.h"
#include "support/yaml_file.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxLayers = std::numeric_limits<int>::max();  // a network says how many it has

/// A key of a YAML map, with its value and its full name, e.g. "layers.1.lanes_u".
struct Entry {
  std::string name;
  std::string path;
  YAML::Node key;
  YAML::Node value;
};

/// Reads one YAML document into settings, and says where it could not.
class SettingsReader {
 public:
  explicit SettingsReader(const fs::path& file) : file_(file.string()) {}

  Settings read(const YAML::Node& document) {
    if (!document.IsNull() && !document.IsMap()) {
      fail(document, "the file is not a map of keys and values");
    }
    for_each_entry(document, "", [&](const Entry& entry) {
      if (entry.name == kDefaults) {
        read_layer(entry, settings_.defaults);
      } else if (entry.name == kLayers) {
        read_layers(entry);
      } else {
        set(find_top_key, settings_, entry);
      }
    });
    return std::move(settings_);
  }

 private:
  std::string origin(const Entry& entry) const {
    return fmt::format("{}: {}", place_of(entry.key, file_), printable(entry.path));
  }

  [[noreturn]] void fail(const YAML::Node& node, const std::string& why) const {
    throw InputError(fmt::format("{}: {}", place_of(node, file_), why));
  }
  [[noreturn]] void fail(const Entry& entry, const std::string& why) const {
    throw InputError(fmt::format("{}: {}", origin(entry), why));
  }

  template <typename Visit>
  void for_each_entry(const YAML::Node& map, const std::string& prefix, const Visit& visit) const {
    for (const YamlEntry& entry : entries_of(map, file_, prefix)) {
      visit({entry.name, prefix + entry.name, entry.key, entry.value});
    }
  }

  /// The entries of a section; one without any, say with all of them commented out, is empty.
  template <typename Visit>
  void for_each_entry(const Entry& section, const Visit& visit) const {
    if (!section.value.IsMap() && !section.value.IsNull()) {
      fail(section, "is not a map of keys and values");
    }
    for_each_entry(section.value, section.path + '.', visit);
  }

  template <typename Find, typename Given>
  void set(const Find& find, Given& given, const Entry& entry) {
    try {
      const auto& key = find(entry.name);
      if (!entry.value.IsScalar()) {
        throw ValueError("one value is wanted, not a list, a map or nothing");
      }
      key.set(given, entry.value.Scalar());
    } catch (const ValueError& error) {
      fail(entry, error.what());
    }
    settings_.origins[entry.path] = origin(entry);
  }

  void read_layer(const Entry& section, LayerSettings& layer) {
    for_each_entry(section, [&](const Entry& entry) { set(find_layer_key, layer, entry); });
  }

  void read_layers(const Entry& section) {
    for_each_entry(section, [&](const Entry& entry) {
      LayerSettings& layer = settings_.layers[layer_number(entry)];
      settings_.origins[entry.path] = origin(entry);
      read_layer(entry, layer);
    });
  }

  int layer_number(const Entry& entry) const {
    try {
      return parse_integer(entry.name, 1, kMaxLayers);
    } catch (const ValueError& error) {
      fail(entry, error.what());
    }
  }

  std::string file_;
  Settings settings_;
};

/// Sets the key that `path` names, e.g. "layers.1.lanes_u". Throws ValueError, and then leaves the
/// settings as they were; without copying them, since there may be thousands of layers.
void set_by_path(Settings& settings, const std::string& path, const std::string& value) {
  const std::string layers_prefix = std::string(kLayers) + '.';
  const std::size_t dot = path.rfind('.');
  const std::string section = dot == std::string::npos ? "" : path.substr(0, dot);
  const std::string name = path.substr(dot + 1);  // npos + 1 is 0
  if (dot == std::string::npos && name != kDefaults && name != kLayers) {
    find_top_key(name).set(settings, value);
  } else if (section == kDefaults) {
    find_layer_key(name).set(settings.defaults, value);
  } else if (section.rfind(layers_prefix, 0) == 0) {
    const LayerKey& key = find_layer_key(name);
    const int number = parse_integer(section.substr(layers_prefix.size()), 1, kMaxLayers);
    LayerSettings layer =
        settings.layers.count(number) > 0 ? settings.layers[number] : LayerSettings{};
    key.set(layer, value);
    settings.layers[number] = layer;
  } else {
    throw ValueError(
        fmt::format("a layer's keys are {0}.KEY or {1}.NUMBER.KEY, for example {0}.{2}", kDefaults,
                    kLayers, layer_keys().front().name));
  }
}

}  // namespace

Settings read_settings(const fs::path& file) {
  return SettingsReader(file).read(read_yaml(file, "give a YAML file"));
}

void apply_override(Settings& settings, const std::string& assignment) {
  const std::string origin = "--set " + printable(assignment);
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos) {
    throw InputError(
        fmt::format("{}: give KEY=VALUE, for example {}.lanes_u=64", origin, kDefaults));
  }
  set_value(settings, assignment.substr(0, equals), assignment.substr(equals + 1), origin);
}

void set_value(Settings& settings, const std::string& path, const std::string& value,
               const std::string& origin) {
  try {
    set_by_path(settings, path, value);
  } catch (const ValueError& error) {
    throw InputError(fmt::format("{}: {}", origin, error.what()));
  }
  settings.origins[path] = origin;
}

std::string to_yaml(const Configuration& configuration) {
  YAML::Emitter out;
  if (configuration.clock_origin != ClockOrigin::configured) {
    out << YAML::Comment("clock_period_ns is " + to_string(configuration.clock_origin));
  }
  out << YAML::BeginMap;
  for (const TopKey& key : top_keys()) {
    out << YAML::Key << key.name << YAML::Value << key.get(configuration);
  }
  out << YAML::Key << kLayers << YAML::Value << YAML::BeginMap;
  for (std::size_t i = 0; i < configuration.layers.size(); ++i) {
    out << YAML::Key << i + 1 << YAML::Value << YAML::BeginMap;
    for (const LayerKey& key : layer_keys()) {
      out << YAML::Key << key.name << YAML::Value << key.get(configuration.layers[i]);
    }
    out << YAML::EndMap;
  }
  out << YAML::EndMap << YAML::EndMap;
  return std::string(out.c_str()) + '\n';
}

}  // namespace cfc
