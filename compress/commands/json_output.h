#pragma once

#include <cstdio>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace cfc::compress {

/// Where a command says in words what came out: standard output, or standard error if that is
/// taken by JSON, i.e. if `json` is "-".
std::FILE* text_stream(const std::string& json);

/// Writes a result for programs, with the schema's name and the version of cfcsim, to the file
/// `json`, to standard output if that is "-", nowhere if it is empty. Throws InputError if the file
/// cannot be written.
void write_json(const std::string& json, const char* schema, nlohmann::json result);

/// Throws InputError if `write_json` could not write to `json`: to be asked before long work.
void check_json_target(const std::string& json);

}  // namespace cfc::compress
