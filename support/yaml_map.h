#pragma once

// What all our YAML files have in common. Internal to their readers.

#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

namespace cfc {

/// A key of a map, and what it is given.
struct YamlEntry {
  std::string name;
  YAML::Node key;
  YAML::Node value;
};

/// "f.yaml:7"; without the line where there is none, as in an empty file.
std::string place_of(const YAML::Node& node, const std::string& file);

/// The entries of a map, in their order. Throws InputError, naming the place, on a key that is no
/// name or is given twice; messages put `prefix` before its name.
std::vector<YamlEntry> entries_of(const YAML::Node& map, const std::string& file,
                                  const std::string& prefix = "");

}  // namespace cfc
