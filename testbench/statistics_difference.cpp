#include "testbench/statistics_difference.h"

#include <fmt/format.h>

#include "testbench/serialisation.h"

namespace cfc {

using nlohmann::json;

std::vector<std::string> differences(const RunStatistics& systemc, const RunStatistics& predicted) {
  const json measured = json(systemc).flatten();
  const json expected = json(predicted).flatten();
  const auto field = [](const json& all, const std::string& name) {
    return all.contains(name) ? all[name].dump() : "nothing";
  };
  json names = measured;
  names.update(expected);
  std::vector<std::string> found;
  for (const auto& [name, value] : names.items()) {
    const std::string there = field(measured, name);
    const std::string here = field(expected, name);
    if (there == here) continue;
    found.push_back(fmt::format("{}: timing model {}, SystemC {}", name, here, there));
  }
  return found;
}

}  // namespace cfc
