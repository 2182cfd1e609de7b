#include "explore/cost/word_prices.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

namespace cfc::explore {
namespace {

constexpr std::size_t kTerms = WordPrices::kTerms;
using Terms = std::array<double, kTerms>;
/// A row of equations: the terms, and what they should sum to.
using Equation = std::array<double, kTerms + 1>;
using Equations = std::array<Equation, kTerms>;

Terms terms_of(std::uint64_t words, std::uint64_t bits) {
  const auto b = static_cast<double>(bits);
  return {1, b * std::sqrt(static_cast<double>(words)), b * b};
}

double sum_of(const Terms& factors, const Terms& terms) {
  double sum = 0;
  for (std::size_t i = 0; i < kTerms; ++i) sum += factors[i] * terms[i];
  return sum;
}

/// A set of terms as bits.
bool is_chosen(unsigned chosen, std::size_t term) { return ((chosen >> term) & 1U) != 0; }

/// Of the least squares of relative errors, each term in units of `scale` so that none drowns.
Equations normal_equations(const std::vector<WordPrice>& known, const Terms& scale) {
  Equations equations{};
  for (const WordPrice& price : known) {
    Terms terms = terms_of(price.words, price.bits);
    for (std::size_t i = 0; i < kTerms; ++i) terms[i] /= scale[i] * price.energy;
    for (std::size_t i = 0; i < kTerms; ++i) {
      for (std::size_t j = 0; j < kTerms; ++j) equations[i][j] += terms[i] * terms[j];
      equations[i][kTerms] += terms[i];
    }
  }
  return equations;
}

/// Solves for the chosen terms by elimination; nothing where they are not independent.
std::optional<Terms> solved(Equations equations, unsigned chosen) {
  constexpr double kDependent = 1e-9;
  for (std::size_t i = 0; i < kTerms; ++i) {
    if (!is_chosen(chosen, i)) equations[i] = {};
    for (std::size_t j = 0; j < kTerms; ++j) {
      if (!is_chosen(chosen, i) || !is_chosen(chosen, j)) equations[i][j] = i == j ? 1 : 0;
    }
  }
  for (std::size_t i = 0; i < kTerms; ++i) {
    // The equations are positive definite while the terms are independent: no rows are exchanged.
    const double pivot = equations[i][i];
    if (!(pivot > kDependent)) return {};
    for (double& value : equations[i]) value /= pivot;
    for (std::size_t k = 0; k < kTerms; ++k) {
      if (k == i) continue;
      const double factor = equations[k][i];
      for (std::size_t j = 0; j <= kTerms; ++j) equations[k][j] -= factor * equations[i][j];
    }
  }
  return Terms{equations[0][kTerms], equations[1][kTerms], equations[2][kTerms]};
}

double squares(const std::vector<WordPrice>& known, const Terms& factors) {
  double sum = 0;
  for (const WordPrice& price : known) {
    const double error = sum_of(factors, terms_of(price.words, price.bits)) / price.energy - 1;
    sum += error * error;
  }
  return sum;
}

/// The mean size of each term, relative to the energy: every pivot is then near 1.
Terms scale_of(const std::vector<WordPrice>& known) {
  Terms scale{};
  for (const WordPrice& price : known) {
    const Terms terms = terms_of(price.words, price.bits);
    for (std::size_t i = 0; i < kTerms; ++i) scale[i] += terms[i] / price.energy;
  }
  return scale;
}

}  // namespace

WordPrices::WordPrices(const std::vector<WordPrice>& known) {
  const auto limits = [&](auto member) {
    const auto by = [member](const WordPrice& a, const WordPrice& b) {
      return a.*member < b.*member;
    };
    const auto [least, most] = std::minmax_element(known.begin(), known.end(), by);
    return std::pair{(*least).*member, (*most).*member};
  };
  std::tie(least_words_, most_words_) = limits(&WordPrice::words);
  std::tie(least_bits_, most_bits_) = limits(&WordPrice::bits);
  fit(known);
  measure(known);
}

/// Tries every set of terms, and keeps the best of those without a negative one. A single term is
/// never negative, so that one is always found.
void WordPrices::fit(const std::vector<WordPrice>& known) {
  const Terms scale = scale_of(known);
  const Equations equations = normal_equations(known, scale);
  double best = std::numeric_limits<double>::infinity();
  for (unsigned chosen = 1; chosen < 1U << kTerms; ++chosen) {
    std::optional<Terms> factors = solved(equations, chosen);
    if (!factors || *std::min_element(factors->begin(), factors->end()) < 0) continue;
    for (std::size_t i = 0; i < kTerms; ++i) (*factors)[i] /= scale[i];
    const double error = squares(known, *factors);
    if (error >= best) continue;
    best = error;
    factors_ = *factors;
  }
}

void WordPrices::measure(const std::vector<WordPrice>& known) {
  for (const WordPrice& price : known) {
    const double error = std::abs(bank(price.words, price.bits) / price.energy - 1);
    mean_error_ += error / static_cast<double>(known.size());
    max_error_ = std::max(max_error_, error);
  }
}

double WordPrices::bank(std::uint64_t words, std::uint64_t bits) const {
  const std::uint64_t w = std::clamp(words, least_words_, most_words_);
  return sum_of(factors_, terms_of(w, std::max(bits, least_bits_)));
}

double WordPrices::access(std::uint64_t words, std::uint64_t bits) const {
  const std::uint64_t full = bits / most_bits_;
  const std::uint64_t rest = bits % most_bits_;
  const double whole = full > 0 ? static_cast<double>(full) * bank(words, most_bits_) : 0;
  return rest > 0 ? whole + bank(words, rest) : whole;
}

}  // namespace cfc::explore
