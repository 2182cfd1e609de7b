#pragma once

#include <string>

namespace cfc::testing {

/// What a check found wrong, the first fault only; and how much it looked at, so
/// that a check that looks at nothing is noticed.
struct Findings {
  std::string fault;
  long checked{0};

  /// `what` must be true.
  void expect(bool holds, const std::string& what) {
    ++checked;
    if (!holds && fault.empty()) fault = what;
  }
};

}  // namespace cfc::testing
