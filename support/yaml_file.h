#pragma once

// What all our YAML files have in common. Internal to their readers.

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <yaml-cpp/yaml.h>

namespace cfc {

/// The one document of a YAML file of at most 1 MiB. Throws InputError, which ends with `remedy`
/// ("give a grid") where there is no such file, and names the line of what is not YAML, not UTF-8
/// or behind the document.
YAML::Node read_yaml(const std::filesystem::path& file, const std::string& remedy);

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

/// A map of which every key must be asked for, by its value or whether it is there. All of it
/// throws InputError with file, line and key.
class YamlFields {
 public:
  /// Throws where `node` is no map.
  YamlFields(const YAML::Node& node, std::string file);

  bool has(const std::string& key);

  /// A text that is not empty.
  std::string text(const std::string& key);
  /// Numbers as `parse_integer` and `parse_real` read them.
  int integer(const std::string& key, int lo, int hi);
  double real(const std::string& key, double lo, double hi);
  /// A list with something in it.
  YAML::Node list(const std::string& key);
  /// A map, for `YamlFields` of its own.
  YAML::Node map(const std::string& key);

  /// To be called when all keys have been asked for.
  void expect_no_other() const;

  [[noreturn]] void fail(const std::string& key, const std::string& why) const;

 private:
  YAML::Node value_of(const std::string& key);

  template <typename Parse>
  auto parsed(const std::string& key, const Parse& parse);

  YAML::Node node_;
  std::string file_;
  std::set<std::string> asked_;
};

}  // namespace cfc
