// Random networks and configurations with random stalls, SystemC against RTL in every cycle (a
// network of several layers is as many pairs of shape and configuration):
//   random_lockstep FIRST_SEED COUNT
// Every case is an elaboration, so each runs in a process of its own; the exit status is 1 after a
// difference. CFCSIM_RTL names another folder of RTL sources (mutation checks).

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <string>

#include <systemc>

#include "testbench/lockstep.h"
#include "testbench/worker_processes.h"
#include "tests/support/random_networks.h"

namespace {

using cfc::testing::Generator;
using nlohmann::json;

struct CaseResult {
  std::string wrong;  ///< "" if nothing
  std::size_t layers{};
};

CaseResult check_case(std::uint64_t seed) {
  Generator generator(seed);
  const cfc::golden::Network network = cfc::testing::random_network(generator);
  const cfc::Configuration configuration = cfc::testing::random_configuration(generator, network);
  const cfc::golden::MatrixU8 images = cfc::testing::random_images(generator, 5, network.inputs());
  // Every other case without stalls: back to back.
  const auto stalls = seed % 2 == 0 ? std::optional<std::uint64_t>(seed) : std::nullopt;
  const cfc::LockstepResult result = cfc::run_lockstep({network, configuration, images, stalls});
  std::string wrong;
  if (const auto& difference = result.difference) {
    wrong = "cycle " + std::to_string(difference->cycle) + ", layer " +
            std::to_string(difference->layer) + ", " + difference->signal + ": model " +
            std::to_string(difference->model) + ", RTL " + std::to_string(difference->rtl);
  } else if (result.images != static_cast<std::uint64_t>(images.rows())) {
    wrong = "only " + std::to_string(result.images) + " images came out";
  }
  if (!wrong.empty()) {
    wrong = "seed " + std::to_string(seed) + ": " + wrong + '\n' +
            cfc::testing::describe(configuration);
  }
  return {wrong, configuration.layers.size()};
}

}  // namespace

int sc_main(int argc, char* argv[]) {
  if (argc != 3) {
    std::cerr << "usage: random_lockstep FIRST_SEED COUNT\n";
    return 2;
  }
  const std::uint64_t first = std::strtoull(argv[1], nullptr, 10);
  const std::uint64_t count = std::strtoull(argv[2], nullptr, 10);
  std::size_t layers = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const auto work = [seed](std::size_t, std::atomic<std::uint64_t>&) -> json {
      const CaseResult result = check_case(seed);
      return {{"wrong", result.wrong}, {"layers", result.layers}};
    };
    const json result = cfc::run_in_processes(1, work, [](std::uint64_t) {}).front();
    layers += result["layers"].get<std::size_t>();
    const auto wrong = result["wrong"].get<std::string>();
    if (!wrong.empty()) {
      std::cout << wrong << '\n';
      return 1;
    }
  }
  std::cout << count << " random networks (" << layers << " layers) in lockstep from seed " << first
            << ": 0 differences\n";
  return 0;
}

int main(int argc, char* argv[]) {
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);
  return sc_core::sc_elab_and_sim(argc, argv);
}
