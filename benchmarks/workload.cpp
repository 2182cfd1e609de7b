#include "benchmarks/workload.h"

#include <cstdlib>

#include "configuration/configuration_file.h"
#include "golden/onnx_file.h"

namespace cfc::benchmarks {

std::string data_folder() {
  const char* folder = std::getenv("CFCSIM_DATA");
  return folder ? folder : CFCSIM_SOURCE_DIR "/data/mnist";
}

std::string network_file() {
  return CFCSIM_SOURCE_DIR "/golden/models/mnist-784-50-100-10-r30.onnx";
}

const golden::Network& network() {
  static const golden::Network read = golden::read_network(network_file());
  return read;
}

const golden::Dataset& dataset() {
  static const golden::Dataset loaded =
      golden::load_dataset(data_folder(), golden::Split::validation);
  return loaded;
}

Configuration configuration(const std::vector<std::string>& overrides) {
  Settings settings;
  for (const std::string& assignment : overrides) apply_override(settings, assignment);
  return resolve(settings, shapes_of(network()));
}

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> all{
      {"default", {}},
      {"lanes_64", {"defaults.lanes_u=64"}},
      // A tile every ten cycles: the calculators stand still in nine of ten.
      {"stalls_90", {"defaults.issue=stepped", "defaults.read_latency=7"}},
      {"stepped", {"defaults.issue=stepped"}},
      {"narrow",
       {"defaults.lanes_u=64", "defaults.lanes_v=16", "defaults.link_width=8",
        "defaults.input_buffers=2", "defaults.psum_storage=memory"}},
      {"pipelined",
       {"defaults.read_latency=1", "defaults.multiply_latency=2", "defaults.adder_latency=3",
        "defaults.input_buffers=2"}},
  };
  return all;
}

}  // namespace cfc::benchmarks
