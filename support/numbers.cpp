#include "support/numbers.h"

#include <charconv>

#include <fmt/format.h>

#include "support/text.h"

namespace cfc {

int parse_integer(const std::string& text, int lo, int hi) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < lo || value > hi) {
    throw ValueError(
        fmt::format("'{}' is not a whole number from {} to {}", printable(text), lo, hi));
  }
  return value;
}

}  // namespace cfc
