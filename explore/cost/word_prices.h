#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "explore/cost/memory_shape.h"

namespace cfc::explore {

/// The energy of one access of a whole word, known of one memory.
struct WordPrice {
  std::uint64_t words{};
  std::uint64_t bits{};
  double energy{};
};

/// Energy of an access of a memory of any words and bits, from those of some: fixed + line x bits x
/// sqrt(words) + wire x bits^2, none of the three below 0, with the least squares of relative
/// errors. A bit line grows with the rows of a memory folded to a square, the way across it with
/// its width.
class WordPrices {
 public:
  static constexpr std::size_t kTerms = 3;

  WordPrices() = default;
  /// At least `kTerms` prices, all above 0.
  explicit WordPrices(const std::vector<WordPrice>& known);

  /// What a memory of `words` words costs by access of `bits` bits. It is never cheaper than the
  /// smallest of those known. A deeper one than the deepest is banks of that, of which an access
  /// takes one; a wider one than the widest is banks of that side by side, and a narrower one for
  /// the rest.
  double access(std::uint64_t words, std::uint64_t bits) const;

  /// The deepest and the widest, each by itself.
  std::uint64_t most_words() const { return most_words_; }
  std::uint64_t most_bits() const { return most_bits_; }

  /// Relative, on those known.
  double mean_error() const { return mean_error_; }
  double max_error() const { return max_error_; }

 private:
  using Terms = std::array<double, kTerms>;

  double bank(std::uint64_t words, std::uint64_t bits) const;
  void fit(const std::vector<WordPrice>& known);
  void measure(const std::vector<WordPrice>& known);

  std::uint64_t least_words_{};
  std::uint64_t least_bits_{};
  std::uint64_t most_words_{};
  std::uint64_t most_bits_{};
  Terms factors_{};
  double mean_error_{};
  double max_error_{};
};

}  // namespace cfc::explore
