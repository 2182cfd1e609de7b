#pragma once

#include <stdexcept>

namespace cfc {

/// Something the user gave us cannot be used: a file, a key, an option. The message names it and
/// says what to do. Commands print it and leave with exit status 2.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace cfc
