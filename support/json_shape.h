#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace cfc {

/// Throws InputError, naming `file` and the key, unless a document has at least what a shape asks
/// for. A shape is "number" or "text"; a list of one shape, for a list of such; or an object of
/// keys and their shapes, where "*" stands for all keys there are, and null will do for a "key?".
void check_shape(const nlohmann::json& document, const nlohmann::json& shape,
                 const std::string& file);

}  // namespace cfc
