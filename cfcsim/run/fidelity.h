#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "exchange/data/network_data.h"

namespace cfc {

/// `fidelity` of a result (docs/reference/results.md).
nlohmann::json fidelity_json(const exchange::Fidelity& fidelity);

/// The same for people, a line or two.
std::string fidelity_text(const exchange::Fidelity& fidelity);

/// What somebody else computed of these inputs, beside what the golden model makes of them. Throws
/// InputError where sizes do not fit.
exchange::Fidelity fidelity_to(const exchange::NumberTable& expected,
                               const exchange::NumberTable& inputs, const golden::Network& network);

/// What ONNX Runtime makes of the source of a network on these inputs, beside what the golden model
/// makes of the network. Throws InputError where it is not installed, or cannot run the source.
exchange::Fidelity fidelity_to_source(const std::filesystem::path& source,
                                      const exchange::NumberTable& inputs,
                                      const golden::Network& network);

}  // namespace cfc
