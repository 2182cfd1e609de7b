#include "support/yaml_map.h"

#include <set>

#include <fmt/format.h>

#include "support/error.h"
#include "support/text.h"

namespace cfc {

std::string place_of(const YAML::Node& node, const std::string& file) {
  const YAML::Mark mark = node.Mark();
  return mark.is_null() ? file : fmt::format("{}:{}", file, mark.line + 1);
}

std::vector<YamlEntry> entries_of(const YAML::Node& map, const std::string& file,
                                  const std::string& prefix) {
  std::set<std::string> seen;
  std::vector<YamlEntry> entries;
  for (const auto& item : map) {
    const std::string place = place_of(item.first, file);
    if (!item.first.IsScalar()) throw InputError(place + ": a key must be a name");
    const std::string name = item.first.Scalar();
    if (!seen.insert(name).second) {
      throw InputError(
          fmt::format("{}: {}: is given twice; keep one of them", place, printable(prefix + name)));
    }
    entries.push_back({name, item.first, item.second});
  }
  return entries;
}

}  // namespace cfc
