#include "explore/cost/memory_macro.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "support/yaml_file.h"

namespace cfc::explore {
namespace {

constexpr const char* kSchema = "cfcsim.memories/1";
constexpr int kMostWords = 1 << 30;
/// Of any figure or coefficient, so that no memory's figures overflow.
constexpr double kMost = 1e15;
constexpr double kLeastAboveZero = 1e-15;

double number(YamlFields& fields, const std::string& key) { return fields.real(key, 0, kMost); }

double above_zero(YamlFields& fields, const std::string& key) {
  return fields.real(key, kLeastAboveZero, kMost);
}

std::uint64_t count(YamlFields& fields, const std::string& key) {
  return static_cast<std::uint64_t>(fields.integer(key, 1, kMostWords));
}

/// 2-input multiplexers one after another that choose among `banks`.
int levels(std::uint64_t banks) {
  int levels = 0;
  for (std::uint64_t reached = 1; reached < banks; reached *= 2) ++levels;
  return levels;
}

/// `times` such memories beside one another, of which an access takes all.
void add_beside(MemoryMacro& sum, const MemoryMacro& one, double times) {
  sum.area_um2 += times * one.area_um2;
  sum.read_pj += times * one.read_pj;
  sum.write_pj += times * one.write_pj;
  sum.leakage_uw += times * one.leakage_uw;
  sum.access_ns = std::max(sum.access_ns, one.access_ns);
}

}  // namespace

/// Reads the parts of the file, each by its keys.
class MemoryMacros::Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  MemoryMacros macros(const YAML::Node& document) {
    MemoryMacros macros;
    YamlFields fields(document, file_);
    if (fields.text("schema") != kSchema)
      fields.fail("schema", fmt::format("should be {}", kSchema));
    macros.name_ = fields.text("name");
    read_sources(fields.map("sources"));
    for (const YAML::Node& node : fields.list("points")) macros.points_.push_back(point(node));
    macros.access_scale_ = access_scale(fields.map("given"));
    macros.bank_ = bank(fields.map("bank"));
    macros.select_ = select(fields.map("select"));
    macros.errors_ = errors(fields.map("errors"));
    fields.expect_no_other();
    return macros;
  }

 private:
  void read_sources(const YAML::Node& node) {
    YamlFields fields(node, file_);
    for (const YamlEntry& entry : entries_of(node, file_)) {
      fields.text(entry.name);
      sources_.insert(entry.name);
    }
  }

  Point point(const YAML::Node& node) {
    YamlFields fields(node, file_);
    Point point;
    point.use = fields.text("use");
    point.words = count(fields, "words");
    point.bits = count(fields, "bits");
    point.source = fields.text("source");
    if (sources_.count(point.source) == 0)
      fields.fail("source", point.source + " is not one of `sources`; add it there");
    for (const char* figure : kFigures) {
      if (fields.has(figure)) point.figures[figure] = above_zero(fields, figure);
    }
    fields.expect_no_other();
    return point;
  }

  double access_scale(const YAML::Node& node) {
    YamlFields fields(node, file_);
    for (const char* key : {"cell_um2", "row_um", "columns_per_bit"}) above_zero(fields, key);
    const double logic_ns = above_zero(fields, "logic_fo4_ns");
    const double macro_ns = above_zero(fields, "macro_fo4_ns");
    fields.expect_no_other();
    return logic_ns / macro_ns;
  }

  Form form(const YAML::Node& node) {
    YamlFields fields(node, file_);
    const Form form{number(fields, "fixed"), number(fields, "bit"), number(fields, "word"),
                    number(fields, "cell")};
    fields.expect_no_other();
    return form;
  }

  Bank bank(const YAML::Node& node) {
    YamlFields fields(node, file_);
    Bank bank;
    bank.least_words = count(fields, "least_words");
    bank.least_bits = count(fields, "least_bits");
    bank.words = count(fields, "words");
    bank.bits = count(fields, "bits");
    if (bank.words < bank.least_words) fields.fail("words", "is below `least_words`");
    if (bank.bits < bank.least_bits) fields.fail("bits", "is below `least_bits`");
    bank.area_um2 = form(fields.map("area_um2"));
    bank.read_pj = form(fields.map("read_pj"));
    bank.write_pj = form(fields.map("write_pj"));
    bank.access_ns = form(fields.map("access_ns"));
    bank.leakage_uw = form(fields.map("leakage_uw"));
    bank.access_width_power = fields.real("access_width_power", 0, 1);
    fields.expect_no_other();
    return bank;
  }

  Select select(const YAML::Node& node) {
    YamlFields fields(node, file_);
    const Select select{number(fields, "area_um2"), number(fields, "pj"), number(fields, "ns")};
    fields.expect_no_other();
    return select;
  }

  std::map<std::string, Errors> errors(const YAML::Node& node) {
    YamlFields fields(node, file_);
    std::map<std::string, Errors> errors;
    for (const char* figure : kFigures) {
      YamlFields one(fields.map(figure), file_);
      errors[figure] = {number(one, "mean"), number(one, "max"), number(one, "left_out_mean"),
                        number(one, "left_out_max")};
      one.expect_no_other();
    }
    fields.expect_no_other();
    return errors;
  }

  static constexpr std::array kFigures{"area_um2", "read_pj", "write_pj", "access_ns",
                                       "leakage_uw"};

  std::string file_;
  std::set<std::string> sources_;
};

MemoryMacros MemoryMacros::read(const std::filesystem::path& path) {
  return Reader(path.string()).macros(read_yaml(path, "give memory macros (YAML)"));
}

MemoryMacro MemoryMacros::bank(std::uint64_t words, std::uint64_t bits) const {
  const auto w = static_cast<double>(std::max(words, bank_.least_words));
  const auto b = static_cast<double>(std::max(bits, bank_.least_bits));
  const double width = b / static_cast<double>(bank_.least_bits);
  return {bank_.area_um2(w, b), bank_.read_pj(w, b), bank_.write_pj(w, b),
          bank_.access_ns(w, b) * std::pow(width, bank_.access_width_power),
          bank_.leakage_uw(w, b)};
}

/// Banks of one width under one another. An access takes one of them, and its word comes through
/// the multiplexers.
MemoryMacro MemoryMacros::column(std::uint64_t words, std::uint64_t bits) const {
  const std::uint64_t full = words / bank_.words;
  const std::uint64_t rest = words % bank_.words;
  if (full == 0) return bank(rest, bits);
  MemoryMacro column = bank(bank_.words, bits);
  column.area_um2 *= static_cast<double>(full);
  column.leakage_uw *= static_cast<double>(full);
  if (rest > 0) {
    const MemoryMacro last = bank(rest, bits);
    column.area_um2 += last.area_um2;
    column.leakage_uw += last.leakage_uw;
  }
  const std::uint64_t banks = full + (rest > 0 ? 1 : 0);
  const auto multiplexers = static_cast<double>(banks - 1) * static_cast<double>(bits);
  const int stages = levels(banks);
  column.area_um2 += multiplexers * select_.area_um2;
  column.read_pj += static_cast<double>(bits) * stages * select_.pj;
  column.access_ns += stages * select_.ns;
  return column;
}

MemoryMacro MemoryMacros::macro(std::uint64_t words, std::uint64_t bits) const {
  const std::uint64_t full = bits / bank_.bits;
  const std::uint64_t rest = bits % bank_.bits;
  MemoryMacro macro;
  if (full > 0) add_beside(macro, column(words, bank_.bits), static_cast<double>(full));
  if (rest > 0) add_beside(macro, column(words, rest), 1);
  return macro;
}

}  // namespace cfc::explore
