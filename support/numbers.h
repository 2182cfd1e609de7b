#pragma once

#include <charconv>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>

#include <fmt/format.h>

#include "support/text.h"

namespace cfc {

/// Why a value cannot be used; the caller, which knows where it stands, makes an InputError of it.
class ValueError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A whole number in decimal and nothing else, `lo` to `hi`; throws ValueError. A leading zero is
/// refused, since other readers of the same text take it for octal.
template <typename Integer>
Integer parse_integer(const std::string& text, Integer lo, Integer hi) {
  static_assert(std::is_integral_v<Integer>);
  Integer value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool in_range = error == std::errc() && stop == end && lo <= value && value <= hi;
  if (!in_range || fmt::format("{}", value) != text) {
    throw ValueError(fmt::format("'{}' is not a whole number from {} to {} in decimal",
                                 printable(text), lo, hi));
  }
  return value;
}

/// A number in decimal, with a point or an exponent where it has one, and nothing else: `lo` to
/// `hi`, so neither infinite nor NaN; throws ValueError.
double parse_real(const std::string& text, double lo, double hi);

}  // namespace cfc
