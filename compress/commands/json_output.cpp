#include "compress/commands/json_output.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/version.h"
#include "support/whole_file.h"

namespace cfc::compress {

std::FILE* text_stream(const std::string& json) { return json == "-" ? stderr : stdout; }

void check_json_target(const std::string& json) {
  if (!json.empty() && json != "-") check_writable(json);
}

void write_json(const std::string& json, const char* schema, nlohmann::json result) {
  if (json.empty()) return;
  result["schema"] = schema;
  result["version"] = kVersion;
  const std::string text = result.dump(2) + "\n";
  if (json == "-")
    fmt::print("{}", text);
  else
    write_whole_file(json, text);
}

}  // namespace cfc::compress
