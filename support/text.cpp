#include "support/text.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "support/error.h"

namespace cfc {
namespace {

struct Utf8Sequence {
  std::size_t length;
  char32_t lowest;  ///< a code point below it has a shorter sequence
};

/// What a first byte announces; a length of 0 where no sequence begins so.
Utf8Sequence announced_by(unsigned char first) {
  if (first < 0x80) return {1, 0};
  if (first >= 0xC0 && first < 0xE0) return {2, 0x80};
  if (first >= 0xE0 && first < 0xF0) return {3, 0x800};
  if (first >= 0xF0 && first < 0xF8) return {4, 0x10000};
  return {0, 0};
}

/// The length of the sequence that begins at `i`, or 0 where it is none of UTF-8.
std::size_t utf8_length(const std::string& text, std::size_t i) {
  const auto [length, lowest] = announced_by(static_cast<unsigned char>(text[i]));
  if (length <= 1) return length;
  if (length > text.size() - i) return 0;
  char32_t code = static_cast<unsigned char>(text[i]) & (0xFFU >> (length + 1));
  for (std::size_t k = i + 1; k < i + length; ++k) {
    const auto byte = static_cast<unsigned char>(text[k]);
    if ((byte & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte & 0x3F);
  }
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code < lowest || code > 0x10FFFF || is_surrogate ? 0 : length;
}

}  // namespace

std::string printable(const std::string& text) {
  constexpr std::size_t kLongest = 60;
  std::string shown;
  std::size_t i = 0;
  while (i < std::min(text.size(), kLongest)) {
    const std::size_t length = utf8_length(text, i);
    const bool is_shown = length > 0 && std::iscntrl(static_cast<unsigned char>(text[i])) == 0;
    shown += is_shown ? text.substr(i, length) : "?";
    i += std::max<std::size_t>(length, 1);
  }
  return i < text.size() ? shown + "..." : shown;
}

void check_plain(const std::string& text, const std::string& origin) {
  check_utf8(text, origin);
  const auto is_control = [](unsigned char c) { return std::iscntrl(c) != 0; };
  if (std::any_of(text.begin(), text.end(), is_control)) {
    throw InputError(
        fmt::format("{}: '{}' has control characters; write it without", origin, printable(text)));
  }
}

void check_utf8(const std::string& text, const std::string& origin) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    if (length == 0) {
      throw InputError(fmt::format("{}: byte {} ({:#04x}) is not UTF-8; write it as UTF-8", origin,
                                   i + 1, static_cast<unsigned char>(text[i])));
    }
    i += length;
  }
}

}  // namespace cfc
