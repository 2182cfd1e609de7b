#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "explore/cost/memory_shape.h"
#include "explore/cost/word_prices.h"

namespace cfc::explore {

/// What one operation or access costs, and who says so.
struct EnergyRow {
  std::string item;  ///< multiply, add, sram, dram or link
  int bits{};        ///< width of the operands, or of the access that `energy` pays for
  /// sram: of a memory of this capacity; empty: of any larger one. Where there is no such row, a
  /// larger memory is made of banks of the largest capacity, and an access is one of a bank.
  std::optional<double> capacity_bits;
  /// sram, in place of a capacity: of a memory of so many words of `bits` bits.
  std::optional<int> words;
  double energy{};
  std::optional<double> energy_upper;  ///< dram: where the source gives a range
  std::string source;
};

/// Dynamic energy of operations and accesses, from a YAML file (docs/reference/figures.md,
/// "Energy"). Memories are priced by capacity, or by words and bits. A price that the rows do not
/// give is an InputError which names table and row.
class EnergyTable {
 public:
  /// Throws InputError, naming file and key, on anything but a complete table of prices that never
  /// fall with width or capacity.
  static EnergyTable read(const std::filesystem::path& file);

  const std::string& name() const { return name_; }
  /// Of every price: "pJ", or what the table relates its figures to.
  const std::string& unit() const { return unit_; }
  const std::vector<EnergyRow>& rows() const { return rows_; }

  /// A product of operands of `a_bits` and `b_bits`.
  double multiply(int a_bits, int b_bits) const;
  /// A sum of `bits` bits.
  double add(int bits) const;
  /// A bit read from or written to an on-chip memory: by its capacity, or its share of a word.
  double sram_bit(const MemoryShape& memory) const;
  /// By capacity alone. Throws InputError where the table prices words.
  double sram_bit(double capacity_bits) const;
  /// The capacity above which memories are taken as banks of it; nothing where a row prices any, or
  /// where the table prices words.
  std::optional<double> bank_bits() const;
  /// Where memories are priced by words and bits.
  const std::optional<WordPrices>& word_prices() const { return words_; }
  /// Whether some memories are priced as banks, and whether this one is.
  bool has_banks() const { return !larger_sram_; }
  bool is_banked(const MemoryShape& memory) const;
  /// A bit from DRAM; `dram_bit_upper` at the upper end of the source's range.
  double dram_bit() const;
  double dram_bit_upper() const;
  /// A bit over a link between layers; nothing where the table does not price links.
  std::optional<double> link_bit() const;

 private:
  EnergyTable() = default;
  /// Sorted points (x, price) of an item, for interpolation.
  struct Point {
    double x{};
    double energy{};
  };

  const EnergyRow& row(const std::string& item) const;
  void index();
  void check_srams() const;

  std::string file_;
  std::string name_;
  std::string unit_;
  std::vector<EnergyRow> rows_;
  std::vector<Point> multiplies_;  ///< x: product of the operands' widths
  std::vector<Point> adds_;        ///< x: width
  std::vector<Point> srams_;       ///< x: capacity in bits; energy of one bit
  std::optional<double> larger_sram_;
  std::optional<WordPrices> words_;  ///< in place of both

  static double interpolate(const std::vector<Point>& points, double x);
  void check_order(const std::vector<Point>& points, const char* item) const;
};

}  // namespace cfc::explore
