#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "exchange/data/network_data.h"

namespace cfc {

/// `fidelity` of a result (docs/reference/results.md).
nlohmann::json fidelity_json(const exchange::Fidelity& fidelity);

/// The same for people, a line or two.
std::string fidelity_text(const exchange::Fidelity& fidelity);

}  // namespace cfc
