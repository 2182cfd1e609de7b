#include "testbench/access_recorder.h"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace cfc {
namespace {

auto place(const TracedAccess& access) {
  return std::make_tuple(access.cycle, access.layer, std::string_view(access.event.memory),
                         access.event.kind);
}

}  // namespace

AccessRecorder::AccessRecorder(AcceleratorBench& bench) : bench_(bench) {
  int number = 0;
  for (const auto& layer : bench.accelerator().layers()) {
    layer->on_access(listeners_.emplace_back(*this, ++number));
  }
}

void AccessRecorder::LayerListener::write(const AccessEvent& event) {
  recorder_.accesses_.push_back({recorder_.bench_.cycle_at(event.time), layer_, event});
}

std::vector<TracedAccess> AccessRecorder::take() {
  // The edge that ends the cycle under way may still book writes to it.
  const std::uint64_t under_way = bench_.cycles();
  const auto is_complete = [&](const TracedAccess& access) { return access.cycle < under_way; };
  const auto rest = std::stable_partition(accesses_.begin(), accesses_.end(), is_complete);
  std::vector<TracedAccess> complete(accesses_.begin(), rest);
  accesses_.erase(accesses_.begin(), rest);
  std::sort(complete.begin(), complete.end(),
            [](const TracedAccess& a, const TracedAccess& b) { return place(a) < place(b); });
  return complete;
}

}  // namespace cfc
