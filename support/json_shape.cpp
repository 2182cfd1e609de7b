#include "support/json_shape.h"

#include <algorithm>

#include <fmt/format.h>

#include "support/error.h"
#include "support/whole_file.h"

namespace cfc {
namespace {

using nlohmann::json;

/// Walks through a document and its shape side by side.
class ShapeCheck {
 public:
  explicit ShapeCheck(std::string file) : file_(std::move(file)) {}

  void check(const json& value, const json& shape, const std::string& key) const {
    if (shape.is_object()) {
      require(value.is_object(), key, "an object");
      check_members(value, shape, key.empty() ? "" : key + '.');
    } else if (shape.is_array()) {
      require(value.is_array(), key, "a list");
      for (std::size_t i = 0; i < value.size(); ++i) {
        check(value[i], shape.front(), fmt::format("{}[{}]", key, i));
      }
    } else if (shape == "text") {
      require(value.is_string(), key, "a text");
    } else {
      require(value.is_number(), key, "a number");
    }
  }

 private:
  void require(bool fits, const std::string& key, const std::string& wanted) const {
    if (fits) return;
    throw InputError(fmt::format("{}: {} should be {}; give what cfcsim --json wrote", file_,
                                 key.empty() ? "the document" : key, wanted));
  }

  void check_members(const json& value, const json& shape, const std::string& prefix) const {
    for (const auto& [pattern, member] : shape.items()) {
      const bool may_be_null = pattern.back() == '?';
      const std::string name = may_be_null ? pattern.substr(0, pattern.size() - 1) : pattern;
      if (name == "*") {
        for (const auto& [each, any] : value.items()) check(any, member, prefix + each);
        continue;
      }
      require(value.contains(name), prefix + name, "there");
      if (may_be_null && value[name].is_null()) continue;
      check(value[name], member, prefix + name);
    }
  }

  std::string file_;
};

/// How deep brackets are nested in a text of JSON. Not by the parser's callback, which makes it
/// three times as slow.
int depth_of(const std::string& text) {
  int depth = 0;
  int deepest = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_text && c == '\\') {
      ++i;  // whatever comes is no end of the text
    } else if (c == '"') {
      in_text = !in_text;
    } else if (!in_text && (c == '[' || c == '{')) {
      deepest = std::max(deepest, ++depth);
    } else if (!in_text && (c == ']' || c == '}')) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

json read_json(const std::filesystem::path& file, const std::string& remedy) {
  constexpr int kDeepest = 64;  // what walks through a document calls itself at every level
  const std::string text = read_whole_file(file, remedy);
  if (depth_of(text) > kDeepest) {
    throw InputError(
        fmt::format("{}: is nested deeper than {} levels; {}", file.string(), kDeepest, remedy));
  }
  json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    throw InputError(fmt::format("{}: is not JSON; {}", file.string(), remedy));
  }
  return document;
}

void check_shape(const json& document, const json& shape, const std::string& file) {
  ShapeCheck(file).check(document, shape, "");
}

}  // namespace cfc
