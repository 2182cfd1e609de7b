#include "support/dotted_keys.h"

#include <algorithm>

namespace cfc {

using nlohmann::json;

json dotted(const json& nested) {
  json flat = json::object();
  const json pointers = nested.flatten();
  for (const auto& [pointer, value] : pointers.items()) {
    std::string key = pointer.substr(1);
    std::replace(key.begin(), key.end(), '/', '.');
    flat[key] = value;
  }
  return flat;
}

std::string plain_text(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace cfc
