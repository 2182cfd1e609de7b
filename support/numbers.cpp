#include "support/numbers.h"

namespace cfc {
namespace {

/// "010" and "-00.5", but not "0", "0.5" or "0e3".
bool has_leading_zero(const std::string& text) {
  const std::size_t first = text.find_first_not_of('-');
  return first != std::string::npos && first + 1 < text.size() && text[first] == '0' &&
         text[first + 1] >= '0' && text[first + 1] <= '9';
}

}  // namespace

double parse_real(const std::string& text, double lo, double hi) {
  double value = 0.0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool in_range = error == std::errc() && stop == end && lo <= value && value <= hi;
  if (!in_range || has_leading_zero(text)) {
    throw ValueError(
        fmt::format("'{}' is not a decimal number from {} to {}", printable(text), lo, hi));
  }
  return value;
}

}  // namespace cfc
