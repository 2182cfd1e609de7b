#include <fmt/format.h>

#include "configuration/configuration_file.h"
#include "configuration/configuration_keys.h"
#include "support/error.h"

namespace cfc {
namespace {

/// Where `path`, or anything in it, was given; its name alone where no origin is noted.
std::string origin_of(const Settings& settings, const std::string& path) {
  const auto found = settings.origins.lower_bound(path);
  const bool is_there =
      found != settings.origins.end() && found->first.compare(0, path.size(), path) == 0;
  return is_there ? found->second : path;
}

/// Refuses what a file asks of a layer that the network does not have with factors.
void check_layer(const Settings& settings, int number, const std::vector<LayerShape>& shapes) {
  const std::string path = fmt::format("{}.{}", kLayers, number);
  const auto& schedule = settings.layers.at(number).schedule;
  if (!schedule || !uses_factors(*schedule)) return;
  if (shapes[static_cast<std::size_t>(number) - 1].r) return;
  throw InputError(
      fmt::format("{}: {} needs a factorised layer, but layer {} has plain weights; give dense, or "
                  "another network",
                  origin_of(settings, path + ".schedule"), to_string(*schedule), number));
}

LayerConfiguration resolve_layer(LayerSettings own, const LayerSettings& defaults,
                                 const LayerShape& shape) {
  if (!shape.r) own.schedule = kPlainSchedule;  // whatever the defaults say
  LayerConfiguration layer;  // its initialisers are the defaults of what no file gives
  layer.shape = shape;
  for (const LayerKey& key : layer_keys()) key.resolve(layer, own, defaults);
  // The uncompressed layer in the place of a factorised one has the same shape, but no rank.
  if (!uses_factors(layer.schedule)) layer.shape.r.reset();
  return layer;
}

/// Refuses a value that no file may give: `full` of a layer with more elements than a width has.
template <typename Given, typename Resolved>
void check_range(const Key<Given, Resolved>& key, const Resolved& resolved,
                 const std::string& prefix) {
  const std::string value = key.get(resolved);
  try {
    Given unused;
    key.set(unused, value);
  } catch (const ValueError&) {
    throw InputError(
        fmt::format("{}{}: comes to {} here, above the most there can be, {}; set it smaller",
                    prefix, key.name, value, kMaxWidth));
  }
}

void check_ranges(const Configuration& configuration) {
  for (const TopKey& key : top_keys()) check_range(key, configuration, "");
  for (std::size_t i = 0; i < configuration.layers.size(); ++i) {
    const std::string prefix = fmt::format("{}.{}.", kLayers, i + 1);
    for (const LayerKey& key : layer_keys()) check_range(key, configuration.layers[i], prefix);
  }
}

}  // namespace

void check_layer_numbers(const Settings& settings, std::size_t layers) {
  for (const auto& [number, ignored] : settings.layers) {
    if (number <= static_cast<int>(layers)) continue;
    const std::string path = fmt::format("{}.{}", kLayers, number);
    throw InputError(
        fmt::format("{}: the network has layers 1 to {}", origin_of(settings, path), layers));
  }
}

void check_clock_is_given(const Settings& settings) {
  if (!settings.asks_for_synthesised_clock()) return;
  throw InputError(
      fmt::format("{}: synthesised needs a technology; name one (--technology), or give a number "
                  "of ns",
                  origin_of(settings, "clock_period_ns")));
}

Configuration resolve(const Settings& settings, const std::vector<LayerShape>& shapes) {
  check_clock_is_given(settings);
  check_layer_numbers(settings, shapes.size());
  for (const auto& [number, ignored] : settings.layers) check_layer(settings, number, shapes);
  Configuration configuration;
  if (settings.clock_period_ns) configuration.clock_period_ns = *settings.clock_period_ns->ns;
  const Width input_width =
      settings.input_link_width.value_or(settings.defaults.link_width.value_or(Width{}));
  configuration.input_link_width = input_width.elements.value_or(shapes.front().m);
  for (int number = 1; number <= static_cast<int>(shapes.size()); ++number) {
    const auto own = settings.layers.find(number);
    configuration.layers.push_back(
        resolve_layer(own == settings.layers.end() ? LayerSettings{} : own->second,
                      settings.defaults, shapes[static_cast<std::size_t>(number) - 1]));
  }
  check_ranges(configuration);
  return configuration;
}

}  // namespace cfc
