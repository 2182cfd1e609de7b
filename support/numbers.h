#pragma once

#include <stdexcept>
#include <string>

namespace cfc {

/// Why a value cannot be used; the caller, which knows where it stands, makes an InputError of it.
class ValueError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A decimal number and nothing else, `lo` to `hi`; throws ValueError.
int parse_integer(const std::string& text, int lo, int hi);

}  // namespace cfc
