// The Verilated RTL without SystemC and without comparison: one image offered for ever, only its
// logits looked at.

#include <string>

#include <benchmark/benchmark.h>

#include "benchmarks/workload.h"
#include "testbench/rtl/lockstep_design.h"

namespace cfc::benchmarks {
namespace {

constexpr int kStretch = 1000;

/// Verilator removes what nothing depends on: the logits keep the whole datapath.
std::vector<LayerSignal> logits() {
  Signal valid;
  valid.path = "o_valid";
  Signal first;
  first.path = "o_data";
  first.bits = 32;
  first.lane = 0;
  return {{network().layers.size(), valid}, {network().layers.size(), first}};
}

void verilated_rtl(benchmark::State& state, const Scenario& scenario) {
  const Configuration machine = configuration(scenario.overrides);
  const auto rtl = load_rtl(lockstep_design(network(), machine, logits()));
  std::vector<std::uint32_t> controls(2 + network().layers.size() + 1, 0);
  controls[0] = controls[1] = 1;  // image valid, sink ready; no link broken
  const std::uint8_t* pixels = dataset().images.data();
  const std::vector<std::uint8_t> beat(pixels, pixels + machine.input_link_width);
  rtl->set_inputs(false, controls, beat);
  rtl->clock();
  rtl->set_inputs(true, controls, beat);
  for (auto _ : state) {
    for (int cycle = 0; cycle < kStretch; ++cycle) rtl->clock();
  }
  state.counters["cycles_per_second"] = benchmark::Counter(
      static_cast<double>(state.iterations() * kStretch), benchmark::Counter::kIsRate);
}

const int kRegistered = [] {
  for (const Scenario& scenario : scenarios()) {
    benchmark::RegisterBenchmark(
        (std::string("rtl/") + scenario.name).c_str(),
        [&scenario](benchmark::State& state) { verilated_rtl(state, scenario); });
  }
  return 0;
}();

}  // namespace
}  // namespace cfc::benchmarks
