#include <optional>
#include <set>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "explore/sweep/grid.h"
#include "support/error.h"
#include "support/numbers.h"
#include "support/yaml_file.h"

namespace cfc::explore {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxPoints = 100'000'000;
constexpr int kMaxRange = 1'000'000;

/// Reads one YAML document into a grid, and says where it could not.
class GridReader {
 public:
  explicit GridReader(const fs::path& file) : file_(file) {}

  Grid read(const YAML::Node& document) {
    if (!document.IsMap()) {
      fail(document, "a grid is a map with axes, and maybe networks and workloads");
    }
    for (const YamlEntry& entry : entries_of(document, file_.string())) {
      if (entry.name == "networks") {
        grid_.networks = files(entry);
      } else if (entry.name == "workloads") {
        grid_.workloads = files(entry);
      } else if (entry.name == "axes") {
        read_axes(entry.value);
      } else {
        fail(entry.key,
             fmt::format("unknown key '{}'; a grid has networks, workloads and axes", entry.name));
      }
    }
    if (grid_.axes.empty()) {
      fail(document, "the grid is empty; give axes, for example axes: {defaults.lanes_u: [8, 16]}");
    }
    return std::move(grid_);
  }

 private:
  [[noreturn]] void fail(const YAML::Node& node, const std::string& why) const {
    throw InputError(fmt::format("{}: {}", place_of(node, file_.string()), why));
  }

  std::vector<std::string> list(const YAML::Node& node, const std::string& what) const {
    std::vector<std::string> values;
    for (const YAML::Node& value : node) {
      if (!value.IsScalar()) fail(value, what + ": a list holds plain values");
      values.push_back(value.Scalar());
    }
    if (values.empty()) fail(node, what + ": the list is empty; give at least one value");
    return values;
  }

  std::vector<fs::path> files(const YamlEntry& entry) const {
    if (!entry.value.IsSequence())
      fail(entry.value, entry.name + ": give a list of files or names");
    std::vector<fs::path> all;
    for (const std::string& name : list(entry.value, entry.name)) {
      const fs::path file = fs::absolute(file_).parent_path() / name;
      std::error_code ignored;
      all.push_back(fs::exists(file, ignored) ? file : fs::path(name));
    }
    return all;
  }

  void read_axes(const YAML::Node& node) {
    if (!node.IsMap() && !node.IsNull()) fail(node, "axes: give a map of keys and their values");
    std::uint64_t points = 1;
    for (const YamlEntry& entry : entries_of(node, file_.string())) {
      const std::string origin = place_of(entry.key, file_.string()) + ": " + entry.name;
      const Axis axis{entry.name, values_of(entry.name, entry.value), origin};
      check(axis, entry.key);
      points *= axis.values.size();
      if (points > kMaxPoints) {
        fail(node, fmt::format("the grid has more than {} points; make it coarser", kMaxPoints));
      }
      grid_.axes.push_back(axis);
    }
  }

  std::vector<std::string> values_of(const std::string& key, const YAML::Node& node) const {
    if (node.IsScalar()) return {node.Scalar()};
    if (node.IsSequence()) return list(node, key);
    if (node.IsMap()) return range(key, node);
    fail(node, key + ": give a value, a list or a range, for example {from: 1, to: 64, times: 2}");
  }

  std::vector<std::string> range(const std::string& key, const YAML::Node& node) const {
    for (const YamlEntry& entry : entries_of(node, file_.string(), key + '.')) {
      static const std::set<std::string> kKnown{"from", "to", "step", "times"};
      if (kKnown.count(entry.name) == 0) {
        fail(entry.key, key + ": a range has from, to, and step or times");
      }
    }
    if (node["step"] && node["times"]) fail(node, key + ": give step or times, not both");
    const int from = bound(key, node, "from", 0);
    const int to = bound(key, node, "to", from);
    const int times = node["times"] ? bound(key, node, "times", 2) : 1;
    const int step = times > 1 ? 0 : node["step"] ? bound(key, node, "step", 1) : 1;
    if (times > 1 && from == 0) fail(node, key + ": a range by times cannot begin at 0");
    std::vector<std::string> values;
    for (long value = from; value <= to; value = value * times + step) {
      values.push_back(std::to_string(value));
    }
    return values;
  }

  int bound(const std::string& key, const YAML::Node& range, const char* name, int lowest) const {
    const YAML::Node& node = range[name];
    if (!node) fail(range, fmt::format("{}: the range has no {}", key, name));
    try {
      return parse_integer(node.IsScalar() ? node.Scalar() : "", lowest, kMaxRange);
    } catch (const ValueError& error) {
      fail(node, fmt::format("{}: {}: {}", key, name, error.what()));
    }
  }

  /// Every value must be one that its key takes, so that a point can only fail with its network.
  void check(const Axis& axis, const YAML::Node& place) const {
    std::set<std::string> seen;
    for (const std::string& value : axis.values) {
      Settings unused;
      set_value(unused, axis.key, value, axis.origin);
      if (!seen.insert(value).second) fail(place, axis.key + ": has " + value + " twice");
    }
  }

  fs::path file_;
  Grid grid_;
};

}  // namespace

Grid read_grid(const fs::path& file) {
  return GridReader(file).read(read_yaml(file, "give a grid (YAML)"));
}

}  // namespace cfc::explore
