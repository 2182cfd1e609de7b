#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace cfc {

/// Keys as `--set` has them: {"layers.1.issue": ...} for {"layers": {"1": {"issue": ...}}}.
nlohmann::json dotted(const nlohmann::json& nested);

/// A value as `--set` and tables have it: a text without quotes.
std::string plain_text(const nlohmann::json& value);

}  // namespace cfc
