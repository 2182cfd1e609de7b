#include "explore/cost/energy_table.h"

#include <algorithm>
#include <cmath>
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
constexpr int kMostWords = 1 << 30;
constexpr double kLeastOfWord = 1e-9;
constexpr double kMostOfWord = 1e15;

double price(YamlFields& fields, const std::string& key) {
  return fields.real(key, 0, std::numeric_limits<double>::max());
}

void read_capacity(YamlFields& fields, EnergyRow& row) {
  constexpr const char* kKey = "capacity_bits";
  if (fields.text(kKey) == "any") return;
  row.capacity_bits = fields.real(kKey, 1, std::numeric_limits<double>::max());
}

/// What a memory is: its capacity, or its words of `bits` bits.
void read_memory(YamlFields& fields, EnergyRow& row) {
  if (!fields.has("words")) return read_capacity(fields, row);
  if (fields.has("capacity_bits"))
    fields.fail("words", "stands beside `capacity_bits`; give one of them");
  row.words = fields.integer("words", 1, kMostWords);
}

/// A fit over prices of any size must not overflow.
void read_energy(YamlFields& fields, EnergyRow& row) {
  row.energy =
      row.words ? fields.real("energy", kLeastOfWord, kMostOfWord) : price(fields, "energy");
}

/// All memories of a table are priced in the same way.
void check_same_kind(const std::vector<EnergyRow>& rows, YamlFields& fields, const EnergyRow& row) {
  for (const EnergyRow& other : rows) {
    if (row.item != "sram" || other.item != "sram") continue;
    if (row.words.has_value() != other.words.has_value()) {
      fields.fail(
          row.words ? "words" : "capacity_bits",
          "other rows `sram` of the table have `capacity_bits` and this has `words`, or the "
          "other way round; give all of them one of the two");
    }
    if (row.words && row.words == other.words && row.bits == other.bits)
      fields.fail("words", "two rows `sram` for the same memory");
  }
}

EnergyRow read_row(const YAML::Node& node, const std::string& file,
                   const std::vector<EnergyRow>& before) {
  YamlFields fields(node, file);
  EnergyRow row;
  row.item = fields.text("item");
  const std::set<std::string> items{"multiply", "add", "sram", "dram", "link"};
  if (items.count(row.item) == 0)
    fields.fail("item", row.item + " is not multiply, add, sram, dram or link");
  row.bits = fields.integer("bits", 1, 65536);
  if (row.item == "sram") read_memory(fields, row);
  check_same_kind(before, fields, row);
  read_energy(fields, row);
  if (row.item == "dram" && fields.has("energy_upper")) {
    row.energy_upper = price(fields, "energy_upper");
    if (*row.energy_upper < row.energy) fields.fail("energy_upper", "is below `energy`");
  }
  row.source = fields.text("source");
  fields.expect_no_other();
  return row;
}

void check_enough(std::size_t memories, const std::string& file) {
  if (memories >= WordPrices::kTerms) return;
  throw InputError(fmt::format(
      "{}: rows `sram` with `words`: {} of the {} or more that a fit needs; add memories of other "
      "words and bits",
      file, memories, WordPrices::kTerms));
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
    table.rows_.push_back(read_row(node, table.file_, table.rows_));
  }
  fields.expect_no_other();
  table.index();
  return table;
}

void EnergyTable::index() {
  std::vector<WordPrice> of_words;
  for (const EnergyRow& row : rows_) {
    const double per_bit = row.energy / row.bits;
    if (row.item == "multiply") {
      multiplies_.push_back({static_cast<double>(row.bits) * row.bits, row.energy});
    } else if (row.item == "add") {
      adds_.push_back({static_cast<double>(row.bits), row.energy});
    } else if (row.words) {
      of_words.push_back({static_cast<std::uint64_t>(*row.words),
                          static_cast<std::uint64_t>(row.bits), row.energy});
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
  if (!of_words.empty()) {
    check_enough(of_words.size(), file_);
    words_ = WordPrices(of_words);
  } else {
    check_srams();
  }
}

void EnergyTable::check_srams() const {
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

double EnergyTable::sram_bit(const MemoryShape& memory) const {
  if (!words_) return sram_bit(static_cast<double>(memory.capacity_bits));
  if (memory.word_bits == 0) return 0;
  return words_->access(memory.words, memory.word_bits) / static_cast<double>(memory.word_bits);
}

double EnergyTable::sram_bit(double capacity_bits) const {
  if (words_) {
    throw InputError(fmt::format(
        "energy table {}: memories are priced by words and bits, not by capacity, in {}", name_,
        file_));
  }
  if (capacity_bits <= srams_.back().x) return interpolate(srams_, capacity_bits);
  return larger_sram_.value_or(srams_.back().energy);
}

std::optional<double> EnergyTable::bank_bits() const {
  if (larger_sram_ || words_) return {};
  return srams_.back().x;
}

bool EnergyTable::is_banked(const MemoryShape& memory) const {
  if (words_) return memory.words > words_->most_words() || memory.word_bits > words_->most_bits();
  return !larger_sram_ && static_cast<double>(memory.capacity_bits) > srams_.back().x;
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
