#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "configuration/configuration.h"

namespace cfc {

/// A width that may be `full`: as many elements as the layer needs.
struct Width {
  std::optional<int> elements;  ///< empty: full
};

/// A clock period that may be `synthesised`: as short as standard cells allow the machine.
struct ClockPeriod {
  std::optional<double> ns;  ///< empty: synthesised
};

/// Keys of one layer as a file gives them; a key that is not given is empty.
struct LayerSettings {
  std::optional<Schedule> schedule;
  std::optional<Width> lanes_u;
  std::optional<Width> lanes_v;
  std::optional<Issue> issue;
  std::optional<int> read_latency;
  std::optional<int> multiply_latency;
  std::optional<int> adder_latency;
  std::optional<int> requantise_latency;
  std::optional<int> v_read_latency;
  std::optional<Width> link_width;
  std::optional<int> input_buffers;
  std::optional<PsumStorage> psum_storage;
};

/// A configuration file (docs/reference/configuration.md) before it meets a network.
struct Settings {
  std::optional<ClockPeriod> clock_period_ns;
  std::optional<Width> input_link_width;  ///< not given: as `defaults.link_width`
  LayerSettings defaults;
  std::map<int, LayerSettings> layers;  ///< overrides by layer number, from 1
  /// Where each key was given, for messages: "layers.1.lanes_u" -> "f.yaml:7: layers.1.lanes_u".
  std::map<std::string, std::string> origins;

  /// Whether the clock period is left to standard cells.
  bool asks_for_synthesised_clock() const { return clock_period_ns && !clock_period_ns->ns; }
};

/// Reads a YAML file. Throws InputError, naming file, line and key, on an unknown key, a wrong type
/// or a value out of range.
Settings read_settings(const std::filesystem::path& file);

/// Applies one `--set` argument, e.g. "layers.1.lanes_u=64". Throws InputError, and then leaves
/// the settings as they were.
void apply_override(Settings& settings, const std::string& assignment);

/// Sets the key that `path` names, e.g. "layers.1.lanes_u"; messages about it say `origin`. Throws
/// InputError, and then leaves the settings as they were.
void set_value(Settings& settings, const std::string& path, const std::string& value,
               const std::string& origin);

/// Throws InputError, naming where, if they set a layer beyond those of a network.
void check_layer_numbers(const Settings& settings, std::size_t layers);

/// Throws InputError, naming where, if they leave the clock period to standard cells.
void check_clock_is_given(const Settings& settings);

/// Fills in defaults and `full`, and checks every layer against its shape. A layer without factors
/// is always dense. Throws InputError, naming the key, on what cannot be built, and on a clock that
/// is left to standard cells, of which nothing is known here (explore/silicon).
Configuration resolve(const Settings& settings, const std::vector<LayerShape>& shapes);

/// The resolved configuration as YAML that `read_settings` reads back to the same configuration.
std::string to_yaml(const Configuration& configuration);

}  // namespace cfc
