#include "explore/timing/workload_run.h"

#include <algorithm>
#include <utility>

#include "explore/timing/timing_model.h"

namespace cfc::explore {
namespace {

void multiply(LayerStatistics& layer, std::uint64_t repeat) {
  layer.images *= repeat;
  layer.run_cycles *= repeat;
  for (auto& [name, memory] : layer.memories) {
    memory.reads *= repeat;
    memory.writes *= repeat;
  }
  for (auto& [controller, ledger] : layer.controllers) {
    for (auto& [entry, cycles] : ledger) cycles *= repeat;
  }
}

}  // namespace

Configuration machine_of(const Configuration& whole, const Chain& chain) {
  const auto first = whole.layers.begin() + static_cast<std::ptrdiff_t>(chain.first);
  const auto layers = static_cast<std::ptrdiff_t>(chain.widths.size());
  const int input_link_width = std::min(whole.input_link_width, first->shape.m);
  return {whole.clock_period_ns, input_link_width, {first, first + layers}, whole.clock_origin};
}

std::uint64_t vectors_of(const Chain& chain, std::uint64_t inferences) {
  return inferences * chain.vectors;
}

void add_chain(RunStatistics& sum, const Chain& chain, RunStatistics run) {
  sum.cycles += run.cycles * chain.repeat;
  for (LayerStatistics& layer : run.layers) {
    if (chain.repeat > 1) multiply(layer, chain.repeat);
    sum.layers.push_back(std::move(layer));
  }
}

RunStatistics predict(const Configuration& configuration, const Workload& workload,
                      std::uint64_t inferences) {
  RunStatistics sum;
  sum.images = inferences;
  for (const Chain& chain : workload.chains()) {
    add_chain(
        sum, chain,
        predict(machine_of(configuration, chain), chain.widths, vectors_of(chain, inferences)));
  }
  return sum;
}

}  // namespace cfc::explore
