// Configurations: a YAML file, and behind each zero byte one --set. What resolves is read back to
// the same configuration.

#include <optional>
#include <string>
#include <vector>

#include "configuration/configuration_file.h"
#include "tests/fuzz/fuzz_target.h"

namespace {

using namespace cfc;

std::vector<std::string> split(const std::uint8_t* bytes, std::size_t size) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < size; ++i) {
    if (bytes[i] == 0) {
      parts.emplace_back();
    } else {
      parts.back() += static_cast<char>(bytes[i]);
    }
  }
  return parts;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::vector<LayerShape> shapes{{784, 50, 30}, {50, 100, {}}, {100, 10, {}}};
  const std::vector<std::string> parts = split(bytes, size);
  const fuzz::FuzzedFile file(parts.front());
  std::optional<Configuration> configuration;
  const bool is_accepted = fuzz::is_accepted([&] {
    Settings settings = read_settings(file.path());
    for (std::size_t i = 1; i < parts.size(); ++i) apply_override(settings, parts[i]);
    configuration = resolve(settings, shapes);
  });
  if (!is_accepted) return 0;
  const std::string yaml = to_yaml(*configuration);
  const fuzz::FuzzedFile written(yaml);
  fuzz::require(to_yaml(resolve(read_settings(written.path()), shapes)) == yaml,
                "a configuration is read as it was written");
  return 0;
}
