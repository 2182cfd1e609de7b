// What does not need SystemC: the golden model, the timing model, the readers.

#include <benchmark/benchmark.h>

#include "benchmarks/workload.h"
#include "explore/cost/layer_cost.h"
#include "explore/timing/timing_model.h"
#include "golden/inference.h"
#include "golden/onnx_file.h"

namespace cfc::benchmarks {
namespace {

void golden_model_9000_images(benchmark::State& state) {
  network();
  dataset();
  for (auto _ : state) benchmark::DoNotOptimize(golden::infer(network(), dataset().images));
}
BENCHMARK(golden_model_9000_images)->Name("golden/9000_images")->Unit(benchmark::kMillisecond);

void timing_model_evaluation(benchmark::State& state) {
  const Configuration machine = configuration({});
  const auto widths = explore::widths_of(network());
  for (auto _ : state) benchmark::DoNotOptimize(explore::predict(machine, widths, 9000));
}
BENCHMARK(timing_model_evaluation)->Name("timing_model/9000_images");

/// The paper's layer with every number of multipliers in U-MC, one after the other.
void layer_cost_evaluation(benchmark::State& state) {
  LayerConfiguration layer = configuration({}).layers.front();
  const auto widths = explore::widths_of(network()).front();
  for (auto _ : state) {
    layer.lanes_u = layer.lanes_u % layer.shape.m + 1;
    benchmark::DoNotOptimize(explore::layer_cost(layer, widths, layer.shape.m));
  }
}
BENCHMARK(layer_cost_evaluation)->Name("timing_model/layer_cost");

void network_reader(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(golden::read_network(network_file()));
}
BENCHMARK(network_reader)->Name("reader/network")->Unit(benchmark::kMillisecond);

void dataset_reader(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(golden::load_dataset(data_folder(), golden::Split::validation));
  }
}
BENCHMARK(dataset_reader)->Name("reader/dataset")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cfc::benchmarks
