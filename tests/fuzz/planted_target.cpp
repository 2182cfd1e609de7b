// A fault put in on purpose, which the fuzzers' machinery must find: configurations are written
// with `input_buffers: 2` as 1. No seed has two buffers.

#include <optional>
#include <regex>
#include <string>

#include "configuration/configuration_file.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace cfc;
  const std::vector<LayerShape> shapes{{784, 50, 30}};
  const fuzz::FuzzedFile file(bytes, size);
  std::optional<Configuration> configuration;
  if (!fuzz::is_accepted([&] { configuration = resolve(read_settings(file.path()), shapes); })) {
    return 0;
  }
  const std::string yaml = to_yaml(*configuration);
  const fuzz::FuzzedFile written(
      std::regex_replace(yaml, std::regex("input_buffers: 2"), "input_buffers: 1"));
  fuzz::require(to_yaml(resolve(read_settings(written.path()), shapes)) == yaml,
                "a configuration is read as it was written");
  return 0;
}
