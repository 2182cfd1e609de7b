// The SystemC model, alone and while traced, and an empty SystemC model to hold it against.

#define SC_INCLUDE_DYNAMIC_PROCESSES  // sc_spawn

#include <filesystem>
#include <string>
#include <vector>

#include <systemc>

#include <benchmark/benchmark.h>

#include "benchmarks/workload.h"
#include "testbench/accelerator_bench.h"

namespace cfc::benchmarks {
namespace {

constexpr std::uint64_t kStretch = 1000;  // clock cycles between two looks, as in `verify`
constexpr golden::Index kImages = 200;

/// Runs of all blocks' processes up to now.
std::uint64_t activations(const std::vector<sc_core::sc_object*>& objects) {
  std::uint64_t sum = 0;
  for (const sc_core::sc_object* object : objects) {
    if (const auto* block = dynamic_cast<const ClockedModule*>(object)) sum += block->activations();
    sum += activations(object->get_child_objects());
  }
  return sum;
}

/// Streams the images until the time is up; the counters: cycles a second, and the mean number of
/// processes that run in a cycle.
void stream_images(benchmark::State& state, AcceleratorBench& bench) {
  std::uint64_t cycles = 0;
  for (auto _ : state) {
    bench.reset();
    while (!bench.finished()) bench.run(kStretch);
    cycles += bench.cycles();
  }
  state.counters["cycles_per_second"] =
      benchmark::Counter(static_cast<double>(cycles), benchmark::Counter::kIsRate);
  state.counters["active_processes"] =
      static_cast<double>(activations(sc_core::sc_get_top_level_objects())) /
      (sc_core::sc_time_stamp() / sc_core::sc_time(10, sc_core::SC_NS));
}

AcceleratorBench& bench_of(const Configuration& machine) {
  static AcceleratorBench bench("bench", network(), machine, dataset().images, 0, kImages);
  return bench;
}

void trace_signals(sc_core::sc_trace_file* file, const std::vector<sc_core::sc_object*>& objects) {
  for (const sc_core::sc_object* object : objects) {
    if (const auto* bit = dynamic_cast<const sc_core::sc_signal_in_if<bool>*>(object)) {
      sc_trace(file, *bit, object->name());
    } else if (const auto* word =
                   dynamic_cast<const sc_core::sc_signal_in_if<std::int32_t>*>(object)) {
      sc_trace(file, *word, object->name());
    }
    trace_signals(file, object->get_child_objects());
  }
}

const std::string kTrace = std::filesystem::temp_directory_path() / "cfc_benchmark_trace";

void traced_model(benchmark::State& state) {
  static sc_core::sc_trace_file* file = nullptr;
  AcceleratorBench& bench = bench_of(configuration({}));
  if (!file) {
    file = sc_core::sc_create_vcd_trace_file(kTrace.c_str());
    trace_signals(file, sc_core::sc_get_top_level_objects());
  }
  stream_images(state, bench);
  std::filesystem::remove(kTrace + ".vcd");
}
BENCHMARK(traced_model)->Name("traced/default");

/// As many processes as `processes`, each run in every cycle, that do nothing.
class EmptyModel : public sc_core::sc_module {
 public:
  EmptyModel(const sc_core::sc_module_name& name, std::int64_t processes) : sc_module(name) {
    SC_HAS_PROCESS(EmptyModel);
    for (std::int64_t i = 0; i < processes; ++i) {
      sc_core::sc_spawn_options options;
      options.spawn_method();
      options.dont_initialize();
      options.set_sensitivity(&clock_.posedge_event());
      sc_core::sc_spawn([this] { ++runs_; }, sc_core::sc_gen_unique_name("process"), &options);
    }
  }

 private:
  sc_core::sc_clock clock_{"clock", 10, sc_core::SC_NS};
  std::uint64_t runs_{0};
};

void empty_model(benchmark::State& state) {
  static const EmptyModel model("model", state.range(0));
  const sc_core::sc_time stretch(10.0 * kStretch, sc_core::SC_NS);
  for (auto _ : state) sc_core::sc_start(stretch);
  state.counters["cycles_per_second"] = benchmark::Counter(
      static_cast<double>(state.iterations() * kStretch), benchmark::Counter::kIsRate);
}
BENCHMARK(empty_model)->Name("empty")->DenseRange(1, 10);

const int kRegistered = [] {
  for (const Scenario& scenario : scenarios()) {
    benchmark::RegisterBenchmark(
        (std::string("model/") + scenario.name).c_str(), [&scenario](benchmark::State& state) {
          stream_images(state, bench_of(configuration(scenario.overrides)));
        });
  }
  return 0;
}();

}  // namespace
}  // namespace cfc::benchmarks
