// The Verilated RTL without SystemC and without comparison: one image offered for ever, only its
// logits looked at.

#include <string>

#include <benchmark/benchmark.h>

#include "benchmarks/workload.h"
#include "testbench/rtl/lockstep_design.h"

namespace cfc::benchmarks {
namespace {

constexpr int kStretch = 1000;

void verilated_rtl(benchmark::State& state, const Scenario& scenario) {
  // Verilator removes whatever nothing depends on: the logits keep the whole datapath.
  std::vector<std::vector<std::string>> probes(network().layers.size());
  probes.back() = {"o_valid", "o_data[0]"};
  const Configuration machine = configuration(scenario.overrides);
  const auto rtl = load_rtl(lockstep_design(network(), machine, probes));
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
