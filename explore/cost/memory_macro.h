#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cfc::explore {

/// What one on-chip memory takes.
struct MemoryMacro {
  double area_um2{};
  double read_pj{};     ///< one access, a whole word
  double write_pj{};    ///< one access, a whole word
  double access_ns{};   ///< from the clock to the word read
  double leakage_uw{};  ///< at 25 C
};

/// Single-port memory macros of a technology: figures of any memory from its words and the bits of
/// a word, by a form fitted to published macros (docs/reference/memories.md). From a YAML file,
/// which holds the points, their sources and the errors of the fit.
class MemoryMacros {
 public:
  /// How far the fit is from its points, relative.
  struct Errors {
    double mean{};
    double max{};
    double left_out_mean{};  ///< of each point by a fit of the others
    double left_out_max{};
  };

  /// A published macro. `use` says what the fit took from it; figures it did not take are absent.
  struct Point {
    std::string use;
    std::uint64_t words{};
    std::uint64_t bits{};
    std::map<std::string, double> figures;  ///< by name: area_um2, read_pj, ...
    std::string source;
  };

  /// Throws InputError, naming file and key, on anything but complete and growing forms.
  static MemoryMacros read(const std::filesystem::path& file);

  const std::string& name() const { return name_; }
  const std::vector<Point>& points() const { return points_; }
  /// By figure, as MemoryMacro names them.
  const std::map<std::string, Errors>& errors() const { return errors_; }

  /// A memory of `words` words of `bits` bits, both at least 1: one bank; if it is deeper or wider
  /// than the largest, banks under one another, of which an access takes one through a
  /// multiplexer, and banks side by side, which all take part. Never cheaper than the least bank.
  /// Grows with words and bits.
  MemoryMacro macro(std::uint64_t words, std::uint64_t bits) const;

  /// Of the technology's points, access times in the time of its standard cells.
  double access_scale() const { return access_scale_; }

 private:
  /// fixed + bit x bits + word x words + cell x words x bits.
  struct Form {
    double fixed{};
    double bit{};
    double word{};
    double cell{};

    double operator()(double words, double bits) const {
      return fixed + bit * bits + word * words + cell * words * bits;
    }
  };

  /// What one bank can be, and its figures.
  struct Bank {
    std::uint64_t least_words{1};
    std::uint64_t least_bits{1};
    std::uint64_t words{1};
    std::uint64_t bits{1};
    Form area_um2;
    Form read_pj;
    Form write_pj;
    Form access_ns;
    Form leakage_uw;
    double access_width_power{};
  };

  /// A multiplexer of two inputs of one bit.
  struct Select {
    double area_um2{};
    double pj{};
    double ns{};
  };

  class Reader;

  MemoryMacros() = default;
  MemoryMacro bank(std::uint64_t words, std::uint64_t bits) const;
  MemoryMacro column(std::uint64_t words, std::uint64_t bits) const;

  std::string name_;
  std::vector<Point> points_;
  std::map<std::string, Errors> errors_;
  double access_scale_{1};
  Bank bank_;
  Select select_;
};

}  // namespace cfc::explore
