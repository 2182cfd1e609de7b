#include "explore/cost/energy_table.h"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include "support/error.h"
#include "support/yaml_file.h"

namespace cfc::explore {
namespace {

constexpr const char* kSchema = "cfcsim.energy/1";

double price(YamlFields& fields, const std::string& key) {
  return fields.real(key, 0, std::numeric_limits<double>::max());
}

void read_capacity(YamlFields& fields, EnergyRow& row) {
  constexpr const char* kKey = "capacity_bits";
  if (fields.text(kKey) == "any") return;
  row.capacity_bits = fields.real(kKey, 1, std::numeric_limits<double>::max());
}

EnergyRow read_row(const YAML::Node& node, const std::string& file) {
  YamlFields fields(node, file);
  EnergyRow row;
  row.item = fields.text("item");
  const std::set<std::string> items{"multiply", "add", "sram", "dram", "link"};
  if (items.count(row.item) == 0)
    fields.fail("item", row.item + " is not multiply, add, sram, dram or link");
  row.bits = fields.integer("bits", 1, 65536);
  if (row.item == "sram") read_capacity(fields, row);
  row.energy = price(fields, "energy");
  if (row.item == "dram" && fields.has("energy_upper")) {
    row.energy_upper = price(fields, "energy_upper");
    if (*row.energy_upper < row.energy) fields.fail("energy_upper", "is below `energy`");
  }
  row.source = fields.text("source");
  fields.expect_no_other();
  return row;
}

}  // namespace

EnergyTable EnergyTable::read(const std::filesystem::path& path) {
  EnergyTable table;
  table.file_ = path.string();
  YamlFields fields(read_yaml(path, "give an energy table (YAML)"), table.file_);
  if (fields.text("schema") != kSchema) fields.fail("schema", fmt::format("should be {}", kSchema));
  table.name_ = fields.text("name");
  table.unit_ = fields.text("unit");
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
    throw InputError(
        fmt::format("energy table {}: no price for a product of {} and {} bits; add a wider row "
                    "`multiply` to {}",
                    name_, a_bits, b_bits, file_));
  }
  return interpolate(multiplies_, product);
}

double EnergyTable::add(int bits) const {
  if (bits > adds_.back().x) {
    throw InputError(
        fmt::format("energy table {}: no price for a sum of {} bits; add a wider row `add` to {}",
                    name_, bits, file_));
  }
  return interpolate(adds_, bits);
}

double EnergyTable::sram_bit(double capacity_bits) const {
  if (capacity_bits <= srams_.back().x) return interpolate(srams_, capacity_bits);
  return larger_sram_.value_or(srams_.back().energy);
}

std::optional<double> EnergyTable::bank_bits() const {
  if (larger_sram_) return {};
  return srams_.back().x;
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
