#pragma once

#include <cmath>
#include <string>

#include <CLI/CLI.hpp>

namespace cfc {

/// Check of an option that takes a floating-point number: no NaN and no infinity. CLI11 reads both
/// as numbers, and NaN, which no comparison refuses, passes its ranges. Header only, for commands;
/// the golden library itself does not know CLI11.
inline const CLI::Validator finite(
    [](const std::string& text) -> std::string {
      double value = 0.0;
      if (CLI::detail::lexical_cast(text, value) && std::isfinite(value)) return {};
      return "\"" + text + "\" is no finite number";
    },
    "");

}  // namespace cfc
