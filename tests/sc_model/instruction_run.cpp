// instruction_run WASTE [KEY=VALUE...]: streams images made here through the committed network, for
// instructions.cmake to count what it costs. WASTE: processes added that run in every cycle for
// nothing. Prints the cycles.

#include <cstdlib>
#include <random>

#include <systemc>

#include <fmt/format.h>

#include "configuration/configuration_file.h"
#include "golden/onnx_file.h"
#include "testbench/accelerator_bench.h"

namespace {

/// Like MNIST's, most pixels are 0.
cfc::golden::MatrixU8 images(cfc::golden::Index count, cfc::golden::Index pixels) {
  std::mt19937 generator(1);
  cfc::golden::MatrixU8 made(count, pixels);
  for (auto& pixel : made.reshaped()) {
    const auto value = static_cast<std::uint8_t>(generator());
    pixel = generator() % 5 == 0 ? value : std::uint8_t{0};
  }
  return made;
}

void add_waste(cfc::AcceleratorBench& bench, int processes) {
  for (int i = 0; i < processes; ++i) {
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.set_sensitivity(&bench.accelerator().i_clk);
    sc_core::sc_spawn([] {}, sc_core::sc_gen_unique_name("waste"), &options);
  }
}

}  // namespace

int sc_main(int argc, char* argv[]) {
  cfc::Settings settings;
  for (int i = 2; i < argc; ++i) cfc::apply_override(settings, argv[i]);
  const auto network = cfc::golden::read_network(CFCSIM_TEST_NETWORK);
  const auto machine = cfc::resolve(settings, cfc::shapes_of(network));
  const auto stream = images(20, network.inputs());
  cfc::AcceleratorBench bench("bench", network, machine, stream, 0, stream.rows());
  add_waste(bench, std::atoi(argv[1]));
  bench.reset();
  while (!bench.finished()) bench.run(100);
  fmt::print("{} cycles\n", bench.cycles());
  return 0;
}
