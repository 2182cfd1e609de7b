#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

namespace cfc {

/// A JSON file. Throws InputError, which ends with `remedy`, where it cannot be read, is not JSON,
/// or is nested deeper than any result.
nlohmann::json read_json(const std::filesystem::path& file, const std::string& remedy);

/// Throws InputError, naming `file` and the key, unless a document has at least what a shape asks
/// for. A shape is "number" or "text"; a list of one shape, for a list of such; or an object of
/// keys and their shapes, where "*" stands for all keys there are, and null will do for a "key?".
void check_shape(const nlohmann::json& document, const nlohmann::json& shape,
                 const std::string& file);

}  // namespace cfc
