#include "support/yaml_file.h"

#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/eventhandler.h>

#include "support/error.h"
#include "support/numbers.h"
#include "support/text.h"
#include "support/whole_file.h"

namespace cfc {
namespace {

constexpr std::size_t kMaxFileMib = 1;

/// Looks at nothing of a document but where it begins.
class DocumentStart : public YAML::EventHandler {
 public:
  int line() const { return line_; }

  void OnDocumentStart(const YAML::Mark& mark) override { line_ = mark.line + 1; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  int line_{0};
};

/// Not by YAML::LoadAll, which finds documents without end in a lone comma.
void refuse_second_document(const std::string& text, const std::string& file) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  DocumentStart start;
  parser.HandleNextDocument(start);
  if (!parser) return;
  parser.HandleNextDocument(start);
  throw InputError(fmt::format(
      "{}:{}: a second document or a stray character stands here; give one document a file", file,
      start.line()));
}

}  // namespace

YAML::Node read_yaml(const std::filesystem::path& file, const std::string& remedy) {
  const std::string text = read_whole_file(file, remedy, kMaxFileMib);
  check_utf8(text, file.string());
  try {
    refuse_second_document(text, file.string());
    return YAML::Load(text);
  } catch (const YAML::Exception& error) {
    throw InputError(fmt::format("{}:{}: is not YAML: {}", file.string(), error.mark.line + 1,
                                 printable(error.msg)));
  }
}

std::string place_of(const YAML::Node& node, const std::string& file) {
  const YAML::Mark mark = node.Mark();
  return mark.is_null() ? file : fmt::format("{}:{}", file, mark.line + 1);
}

std::vector<YamlEntry> entries_of(const YAML::Node& map, const std::string& file,
                                  const std::string& prefix) {
  std::set<std::string> seen;
  std::vector<YamlEntry> entries;
  for (const auto& item : map) {
    const std::string place = place_of(item.first, file);
    if (!item.first.IsScalar()) throw InputError(place + ": a key must be a name");
    const std::string name = item.first.Scalar();
    if (!seen.insert(name).second) {
      throw InputError(
          fmt::format("{}: {}: is given twice; keep one of them", place, printable(prefix + name)));
    }
    entries.push_back({name, item.first, item.second});
  }
  return entries;
}

YamlFields::YamlFields(const YAML::Node& node, std::string file)
    : node_(node), file_(std::move(file)) {
  if (!node_.IsMap()) {
    throw InputError(place_of(node_, file_) + ": should be a map of keys and their values");
  }
}

bool YamlFields::has(const std::string& key) {
  asked_.insert(key);
  return static_cast<bool>(node_[key]);
}

template <typename Parse>
auto YamlFields::parsed(const std::string& key, const Parse& parse) {
  const YAML::Node value = value_of(key);
  if (!value.IsScalar()) fail(key, "one value is wanted, not a list, a map or nothing");
  try {
    return parse(value.Scalar());
  } catch (const ValueError& error) {
    fail(key, error.what());
  }
}

std::string YamlFields::text(const std::string& key) {
  return parsed(key, [](const std::string& text) {
    if (text.empty()) throw ValueError("is empty; give a text");
    return text;
  });
}

int YamlFields::integer(const std::string& key, int lo, int hi) {
  return parsed(key, [=](const std::string& text) { return parse_integer(text, lo, hi); });
}

double YamlFields::real(const std::string& key, double lo, double hi) {
  return parsed(key, [=](const std::string& text) { return parse_real(text, lo, hi); });
}

YAML::Node YamlFields::list(const std::string& key) {
  const YAML::Node value = value_of(key);
  if (!value.IsSequence() || value.size() == 0) fail(key, "a list with something in it is wanted");
  return value;
}

YAML::Node YamlFields::map(const std::string& key) {
  const YAML::Node value = value_of(key);
  if (!value.IsMap()) fail(key, "a map of keys and their values is wanted");
  return value;
}

void YamlFields::expect_no_other() const {
  for (const YamlEntry& entry : entries_of(node_, file_)) {
    if (asked_.count(entry.name) == 0) {
      throw InputError(fmt::format("{}: unknown key `{}`; the keys here are {}",
                                   place_of(entry.key, file_), printable(entry.name),
                                   fmt::join(asked_, ", ")));
    }
  }
}

void YamlFields::fail(const std::string& key, const std::string& why) const {
  const YAML::Node value = node_[key];
  throw InputError(
      fmt::format("{}: key `{}`: {}", place_of(value ? value : node_, file_), key, why));
}

YAML::Node YamlFields::value_of(const std::string& key) {
  if (!has(key)) fail(key, "is missing; give it");
  return node_[key];
}

}  // namespace cfc
