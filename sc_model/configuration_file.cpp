#include "sc_model/configuration_file.h"

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "golden/error.h"
#include "sc_model/configuration_keys.h"

namespace cfc {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxFileBytes = 1 << 20;
constexpr int kMaxLayers = 1000;

/// Reads one YAML document into settings, and says where it could not.
class SettingsReader {
 public:
  explicit SettingsReader(const fs::path& file) : file_(file.string()) {}

  Settings read(const YAML::Node& document) {
    Settings settings;
    if (document.IsNull()) return settings;
    for_each_key(document, "",
                 [&](const std::string& name, const YAML::Node& key, const YAML::Node& value) {
                   if (name == "defaults") {
                     read_layer(value, "defaults.", settings.defaults);
                   } else if (name == "layers") {
                     read_layers(value, settings);
                   } else {
                     set(top_keys(), settings, name, name, key, value);
                   }
                 });
    return settings;
  }

 private:
  [[noreturn]] void fail(const YAML::Node& at, const std::string& why) const {
    throw InputError(fmt::format("{}:{}: {}", file_, at.Mark().line + 1, why));
  }

  template <typename Visit>
  void for_each_key(const YAML::Node& map, const std::string& path, const Visit& visit) const {
    if (!map.IsMap()) {
      fail(map,
           fmt::format("{} is not a map of keys and values", path.empty() ? "the file" : path));
    }
    std::set<std::string> seen;
    for (const auto& item : map) {
      if (!item.first.IsScalar()) fail(item.first, "a key must be a name");
      const std::string name = item.first.Scalar();
      if (!seen.insert(name).second)
        fail(item.first, fmt::format("{}{} is given twice", path, name));
      visit(name, item.first, item.second);
    }
  }

  template <typename KeyType, typename Given>
  void set(const std::vector<KeyType>& keys, Given& given, const std::string& name,
           const std::string& path, const YAML::Node& key, const YAML::Node& value) const {
    try {
      const KeyType& known = find_key(keys, name);
      if (!value.IsScalar()) throw ValueError("one value is wanted, not a list, a map or nothing");
      known.set(given, value.Scalar());
    } catch (const ValueError& error) {
      fail(key, fmt::format("{}: {}", path, error.what()));
    }
  }

  void read_layer(const YAML::Node& node, const std::string& path, LayerSettings& layer) const {
    for_each_key(node, path,
                 [&](const std::string& name, const YAML::Node& key, const YAML::Node& value) {
                   set(layer_keys(), layer, name, path + name, key, value);
                 });
  }

  void read_layers(const YAML::Node& node, Settings& settings) const {
    for_each_key(node, "layers.",
                 [&](const std::string& name, const YAML::Node& key, const YAML::Node& value) {
                   try {
                     LayerSettings& layer = settings.layers[parse_integer(name, 1, kMaxLayers)];
                     read_layer(value, "layers." + name + '.', layer);
                   } catch (const ValueError& error) {
                     fail(key, fmt::format("layers.{}: {}", name, error.what()));
                   }
                 });
  }

  std::string file_;
};

std::string read_text(const fs::path& file) {
  std::error_code ignored;
  std::ifstream in(file, std::ios::binary);
  if (!in || fs::is_directory(file, ignored)) {
    throw InputError(fmt::format("{}: cannot be opened; give a YAML file", file.string()));
  }
  if (fs::file_size(file, ignored) > kMaxFileBytes) {
    throw InputError(
        fmt::format("{}: is larger than 1 MiB; that is no configuration", file.string()));
  }
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The first of the settings that gives `member`, or `fallback`.
template <typename T>
T first_given(std::optional<T> LayerSettings::*member, const LayerSettings& own,
              const LayerSettings& defaults, const T& fallback) {
  if (own.*member) return *(own.*member);
  return (defaults.*member).value_or(fallback);
}

Schedule resolve_schedule(const LayerSettings& own, const LayerSettings& defaults,
                          const LayerShape& shape, int number) {
  const Schedule wanted = first_given(&LayerSettings::schedule, own, defaults, Schedule::streaming);
  if (shape.r) return wanted;
  if (own.schedule && *own.schedule != Schedule::dense) {
    throw InputError(fmt::format(
        "layers.{}.schedule: {} needs a factorised layer, but layer {} has plain weights; "
        "give dense, or another network",
        number, to_string(*own.schedule), number));
  }
  return Schedule::dense;
}

LayerConfiguration resolve_layer(const LayerSettings& own, const LayerSettings& defaults,
                                 const LayerShape& shape, int number) {
  const auto get = [&](auto member, auto fallback) {
    return first_given(member, own, defaults, fallback);
  };
  const auto width = [&](std::optional<Width> LayerSettings::*member, int full) {
    return get(member, Width{}).elements.value_or(full);
  };
  LayerConfiguration layer;
  layer.shape = shape;
  layer.schedule = resolve_schedule(own, defaults, shape, number);
  // A dense layer in the place of a factorised one has the same shape, but no rank.
  if (layer.schedule == Schedule::dense) layer.shape.r.reset();
  const bool is_sequential = layer.schedule == Schedule::sequential;
  layer.lanes_u = width(&LayerSettings::lanes_u, shape.m);
  layer.lanes_v = width(&LayerSettings::lanes_v, is_sequential ? *shape.r : shape.n);
  layer.issue = get(&LayerSettings::issue, Issue::overlapped);
  layer.read_latency = get(&LayerSettings::read_latency, 0);
  layer.multiply_latency = get(&LayerSettings::multiply_latency, 0);
  layer.adder_latency = get(&LayerSettings::adder_latency, 0);
  layer.link_width = width(&LayerSettings::link_width, shape.n);
  layer.input_buffers = get(&LayerSettings::input_buffers, 1);
  layer.psum_storage = get(&LayerSettings::psum_storage, PsumStorage::registers);
  return layer;
}

}  // namespace

Settings read_settings(const fs::path& file) {
  const std::string text = read_text(file);
  try {
    return SettingsReader(file).read(YAML::Load(text));
  } catch (const YAML::Exception& error) {
    throw InputError(
        fmt::format("{}:{}: is not YAML: {}", file.string(), error.mark.line + 1, error.msg));
  }
}

void apply_override(Settings& settings, const std::string& assignment) {
  const auto fail = [&](const std::string& why) {
    throw InputError(fmt::format("--set {}: {}", assignment, why));
  };
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos) fail("give KEY=VALUE, for example defaults.lanes_u=64");
  const std::string path = assignment.substr(0, equals);
  const std::string value = assignment.substr(equals + 1);
  const std::string key = path.substr(path.rfind('.') + 1);
  const std::string owner = path.substr(0, path.size() - key.size());
  try {
    if (owner.empty()) {
      find_key(top_keys(), key).set(settings, value);
    } else if (owner == "defaults.") {
      find_key(layer_keys(), key).set(settings.defaults, value);
    } else if (owner.rfind("layers.", 0) == 0) {
      const std::string number = owner.substr(7, owner.size() - 8);
      const LayerKey& known = find_key(layer_keys(), key);
      known.set(settings.layers[parse_integer(number, 1, kMaxLayers)], value);
    } else {
      fail(
          "keys begin with defaults. or layers.NUMBER., or are clock_period_ns or "
          "input_link_width");
    }
  } catch (const ValueError& error) {
    fail(error.what());
  }
}

Configuration resolve(const Settings& settings, const std::vector<LayerShape>& shapes) {
  const int count = static_cast<int>(shapes.size());
  if (!settings.layers.empty() && settings.layers.rbegin()->first > count) {
    throw InputError(fmt::format("layers.{}: the network has layers 1 to {}",
                                 settings.layers.rbegin()->first, count));
  }
  Configuration configuration;
  configuration.clock_period_ns = settings.clock_period_ns.value_or(configuration.clock_period_ns);
  const Width input_width =
      settings.input_link_width.value_or(settings.defaults.link_width.value_or(Width{}));
  configuration.input_link_width = input_width.elements.value_or(shapes.front().m);
  for (int number = 1; number <= count; ++number) {
    const auto own = settings.layers.find(number);
    configuration.layers.push_back(
        resolve_layer(own == settings.layers.end() ? LayerSettings{} : own->second,
                      settings.defaults, shapes[static_cast<std::size_t>(number) - 1], number));
  }
  return configuration;
}

std::string to_yaml(const Configuration& configuration) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  for (const TopKey& key : top_keys()) {
    out << YAML::Key << key.name << YAML::Value << key.get(configuration);
  }
  out << YAML::Key << "layers" << YAML::Value << YAML::BeginMap;
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
