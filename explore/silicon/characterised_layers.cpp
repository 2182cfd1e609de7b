#include "explore/silicon/characterised_layers.h"

#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/error.h"
#include "support/whole_file.h"

namespace cfc::explore {
namespace {

constexpr std::size_t kMaxMib = 64;

}  // namespace

LayerHardware hardware_from(const nlohmann::json& parameters) {
  const auto number = [&](const char* key) { return parameters.at(key).get<int>(); };
  LayerHardware layer;
  layer.schedule = kSchedules.at(static_cast<std::size_t>(number("Schedule")));
  layer.m = number("M");
  layer.n = number("N");
  layer.lanes_u = number("LanesU");
  layer.issue = kIssues.at(static_cast<std::size_t>(number("Issue")));
  layer.read_latency = number("ReadLatency");
  layer.multiply_latency = number("MultiplyLatency");
  layer.adder_latency = number("AdderLatency");
  layer.requantise_latency = number("RequantiseLatency");
  layer.in_beat_width = number("InBeatWidth");
  layer.link_width = number("LinkWidth");
  layer.input_buffers = number("InputBuffers");
  layer.output_bits = number("HasActivation") != 0 ? kActivationBits : kSumBits;
  if (!uses_factors(layer.schedule)) {
    layer.w_bits = number("WBits");
    return layer;
  }
  layer.r = number("R");
  layer.lanes_v = number("LanesV");
  layer.u_bits = number("UBits");
  layer.v_bits = number("VBits");
  layer.z_bits = number("ZBits");
  if (layer.has_dil()) {
    layer.psum_storage = kPsumStorages.at(static_cast<std::size_t>(number("PsumStorage")));
    layer.v_read_latency = parameters.value("VReadLatency", 0);
  }
  return layer;
}

void read_points(const std::filesystem::path& file,
                 const std::function<void(const nlohmann::json&)>& take) {
  std::istringstream lines(
      read_whole_file(file, "give a folder that scripts/characterise made", kMaxMib));
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    try {
      take(nlohmann::json::parse(line));
    } catch (const std::exception& error) {
      throw InputError(fmt::format("{}: line {}: {}; make it again with scripts/characterise",
                                   file.string(), number, error.what()));
    }
  }
  if (number == 0)
    throw InputError(
        fmt::format("{}: has no layers; make it with scripts/characterise", file.string()));
}

}  // namespace cfc::explore
