#include "support/text.h"

#include <algorithm>
#include <cctype>

namespace cfc {

std::string printable(const std::string& text) {
  constexpr std::size_t kLongest = 60;
  std::string shown = text.size() > kLongest ? text.substr(0, kLongest) + "..." : text;
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }, '?');
  return shown;
}

}  // namespace cfc
