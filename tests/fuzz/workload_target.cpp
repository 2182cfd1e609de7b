// Workloads: every layer of an accepted one stands in one chain, and can be timed or is refused.

#include <algorithm>

#include "configuration/configuration_file.h"
#include "explore/cost/countable.h"
#include "explore/timing/workload_run.h"
#include "tests/fuzz/fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace cfc;
  const fuzz::FuzzedFile file(bytes, size);
  explore::Workload workload;
  if (!fuzz::is_accepted([&] { workload = explore::read_workload(file.path()); })) return 0;
  std::size_t layers = 0;
  for (const explore::Chain& chain : workload.chains()) {
    fuzz::require(chain.first == layers, "chains follow one another");
    fuzz::require(chain.vectors > 0 && chain.repeat > 0, "a chain is gone through");
    layers += chain.widths.size();
  }
  fuzz::require(layers == workload.layers.size(), "every layer is in a chain");
  const Configuration machine = explore::resolve(Settings{}, workload);
  for (std::size_t i = 0; i < layers; ++i) {
    const LayerShape& shape = workload.layers[i].shape;
    if (!shape.r) continue;
    fuzz::require(*shape.r >= 1 && *shape.r <= std::min(shape.m, shape.n), "a rank fits");
  }
  if (!fuzz::is_accepted([&] { explore::check_countable(machine, workload, 1); })) return 0;
  fuzz::require(explore::predict(machine, workload, 1).cycles > 0, "an inference takes time");
  return 0;
}
