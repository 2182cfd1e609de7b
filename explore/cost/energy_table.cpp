#include "explore/cost/energy_table.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include "support/error.h"
#include "support/whole_file.h"
#include "support/yaml_map.h"

namespace cfc::explore {
namespace {

constexpr const char* kSchema = "cfcsim.energy/1";
constexpr std::size_t kMaxFileMib = 1;

/// A map of a table's file, whose every key must be asked for.
class Fields {
 public:
  Fields(const YAML::Node& node, const std::string& file)
      : node_(node), file_(file), place_(place_of(node, file)) {
    if (!node.IsMap()) {
      throw InputError(fmt::format("{}: should be a map of keys and their values", place_));
    }
  }

  template <typename T>
  T required(const std::string& key) {
    const auto value = optional<T>(key);
    if (!value) throw InputError(fmt::format("{}: key `{}` is missing; give it", place_, key));
    return *value;
  }

  template <typename T>
  std::optional<T> optional(const std::string& key) {
    asked_.insert(key);
    const YAML::Node value = node_[key];
    if (!value) return {};
    try {
      return value.as<T>();
    } catch (const YAML::Exception&) {
      throw InputError(fmt::format("{}: key `{}` should be {}", place_of(value, file_), key,
                                   wanted(static_cast<T*>(nullptr))));
    }
  }

  YAML::Node list(const std::string& key) {
    asked_.insert(key);
    const YAML::Node value = node_[key];
    if (!value || !value.IsSequence() || value.size() == 0) {
      throw InputError(fmt::format(
          "{}: key `{}` should be a list of rows, each a map with item, bits, energy and source",
          place_, key));
    }
    return value;
  }

  void expect_no_other() const {
    for (const YamlEntry& entry : entries_of(node_, file_)) {
      if (asked_.count(entry.name) == 0) {
        throw InputError(fmt::format("{}: unknown key `{}`; the keys here are {}",
                                     place_of(entry.key, file_), entry.name,
                                     fmt::join(asked_, ", ")));
      }
    }
  }

  const std::string& place() const { return place_; }

 private:
  static const char* wanted(const std::string*) { return "a text"; }
  static const char* wanted(const int*) { return "a whole number"; }
  static const char* wanted(const double*) { return "a number"; }

  YAML::Node node_;
  std::string file_;
  std::string place_;
  std::set<std::string> asked_;
};

double price(const Fields& fields, const std::string& key, double value) {
  if (!std::isfinite(value) || value < 0) {
    throw InputError(
        fmt::format("{}: `{}` is {}; a price is a number from 0 on", fields.place(), key, value));
  }
  return value;
}

void read_capacity(Fields& fields, EnergyRow& row) {
  const auto capacity = fields.required<std::string>("capacity_bits");
  if (capacity == "any") return;
  row.capacity_bits = fields.required<double>("capacity_bits");
  if (!(*row.capacity_bits > 0) || !std::isfinite(*row.capacity_bits)) {
    throw InputError(
        fmt::format("{}: `capacity_bits` is {}; give a positive number of bits, or any",
                    fields.place(), capacity));
  }
}

EnergyRow read_row(const YAML::Node& node, const std::string& file) {
  Fields fields(node, file);
  EnergyRow row;
  row.item = fields.required<std::string>("item");
  const std::set<std::string> items{"multiply", "add", "sram", "dram", "link"};
  if (items.count(row.item) == 0) {
    throw InputError(fmt::format("{}: `item` is {}; give multiply, add, sram, dram or link",
                                 fields.place(), row.item));
  }
  row.bits = fields.required<int>("bits");
  if (row.bits < 1 || row.bits > 65536) {
    throw InputError(
        fmt::format("{}: `bits` is {}; give a width of 1 to 65536", fields.place(), row.bits));
  }
  if (row.item == "sram") read_capacity(fields, row);
  row.energy = price(fields, "energy", fields.required<double>("energy"));
  if (row.item == "dram") {
    row.energy_upper = fields.optional<double>("energy_upper");
    if (row.energy_upper && price(fields, "energy_upper", *row.energy_upper) < row.energy) {
      throw InputError(fmt::format("{}: `energy_upper` is below `energy`", fields.place()));
    }
  }
  row.source = fields.required<std::string>("source");
  if (row.source.empty()) {
    throw InputError(
        fmt::format("{}: `source` is empty; cite where the price is from", fields.place()));
  }
  fields.expect_no_other();
  return row;
}

YAML::Node load(const std::string& file) {
  try {
    return YAML::Load(read_whole_file(file, "give an energy table (YAML)", kMaxFileMib));
  } catch (const YAML::Exception& error) {
    throw InputError(fmt::format("{}: {}", file, error.what()));
  }
}

}  // namespace

EnergyTable EnergyTable::read(const std::filesystem::path& path) {
  EnergyTable table;
  table.file_ = path.string();
  Fields fields(load(table.file_), table.file_);
  if (const auto schema = fields.required<std::string>("schema"); schema != kSchema) {
    throw InputError(fmt::format("{}: `schema` is {}, should be {}", table.file_, schema, kSchema));
  }
  table.name_ = fields.required<std::string>("name");
  table.unit_ = fields.required<std::string>("unit");
  for (const YAML::Node& node : fields.list("rows")) {
    table.rows_.push_back(read_row(node, table.file_));
  }
  fields.expect_no_other();
  table.index();
  return table;
}

void EnergyTable::index() {
  for (const EnergyRow& row : rows_) {
    const double per_bit = row.energy / row.bits;
    if (row.item == "multiply") {
      multiplies_.push_back({static_cast<double>(row.bits) * row.bits, row.energy});
    } else if (row.item == "add") {
      adds_.push_back({static_cast<double>(row.bits), row.energy});
    } else if (row.item == "sram" && row.capacity_bits) {
      srams_.push_back({*row.capacity_bits, per_bit});
    } else if (row.item == "sram" && !larger_sram_) {
      larger_sram_ = per_bit;
    } else if (&row != &this->row(row.item)) {
      throw InputError(fmt::format("{}: two rows `{}` for the same thing", file_, row.item));
    }
  }
  check_order(multiplies_, "multiply");
  check_order(adds_, "add");
  check_order(srams_, "sram");
  if (larger_sram_ && *larger_sram_ < srams_.back().energy) {
    throw InputError(
        fmt::format("{}: `sram` of any capacity is cheaper than a smaller one", file_));
  }
}

void EnergyTable::check_order(const std::vector<Point>& points, const char* item) const {
  if (points.empty())
    throw InputError(fmt::format(
        "{}: row `{}` is missing; add one with item, bits, energy and source", file_, item));
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].x <= points[i - 1].x || points[i].energy < points[i - 1].energy) {
      throw InputError(fmt::format(
          "{}: rows `{}` should grow in width or capacity, and not fall in price", file_, item));
    }
    if (points[i - 1].energy == 0 && points[i].energy > 0) {
      throw InputError(
          fmt::format("{}: rows `{}` rise from 0; prices between them are unknown", file_, item));
    }
  }
}

/// A power law between neighbours: a straight line in logarithms.
double EnergyTable::interpolate(const std::vector<Point>& points, double x) {
  const auto after = std::lower_bound(points.begin(), points.end(), x,
                                      [](const Point& point, double at) { return point.x < at; });
  if (after == points.begin()) return points.front().energy;
  const Point& low = *std::prev(after);
  const Point& high = *after;
  if (high.energy == 0) return 0;
  const double share = std::log(x / low.x) / std::log(high.x / low.x);
  return low.energy * std::pow(high.energy / low.energy, share);
}

const EnergyRow& EnergyTable::row(const std::string& item) const {
  const auto found = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const EnergyRow& each) { return each.item == item; });
  if (found == rows_.end()) {
    throw InputError(fmt::format("energy table {}: no price for {}; add a row `{}` to {}", name_,
                                 item, item, file_));
  }
  return *found;
}

double EnergyTable::multiply(int a_bits, int b_bits) const {
  const double product = static_cast<double>(a_bits) * b_bits;
  if (product > multiplies_.back().x) {
    throw InputError(fmt::format(
        "energy table {}: no price for a product of {} and {} bits; add a wider row `multiply`",
        name_, a_bits, b_bits));
  }
  return interpolate(multiplies_, product);
}

double EnergyTable::add(int bits) const {
  if (bits > adds_.back().x) {
    throw InputError(fmt::format(
        "energy table {}: no price for a sum of {} bits; add a wider row `add`", name_, bits));
  }
  return interpolate(adds_, bits);
}

double EnergyTable::sram_bit(double capacity_bits) const {
  if (capacity_bits <= srams_.back().x) return interpolate(srams_, capacity_bits);
  if (larger_sram_) return *larger_sram_;
  throw InputError(fmt::format(
      "energy table {}: no price for a memory of {} bits; add a row `sram` of that capacity", name_,
      capacity_bits));
}

double EnergyTable::dram_bit() const {
  const EnergyRow& dram = row("dram");
  return dram.energy / dram.bits;
}

double EnergyTable::dram_bit_upper() const {
  const EnergyRow& dram = row("dram");
  return dram.energy_upper.value_or(dram.energy) / dram.bits;
}

std::optional<double> EnergyTable::link_bit() const {
  for (const EnergyRow& each : rows_) {
    if (each.item == "link") return each.energy / each.bits;
  }
  return {};
}

}  // namespace cfc::explore
