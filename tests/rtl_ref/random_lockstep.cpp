// Random networks and configurations, SystemC against RTL in every cycle, with random stalls and
// back to back (a network of several layers is as many pairs of shape and configuration):
//   random_lockstep FIRST_SEED COUNT
// The exit status is 1 after a difference. CFCSIM_RTL names another folder of RTL sources (mutation
// checks).

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <string>

#include <systemc>

#include "support/worker_processes.h"
#include "testbench/lockstep/lockstep.h"
#include "tests/helpers/random_networks.h"

namespace {

using cfc::testing::Generator;
using nlohmann::json;

/// A network, its configuration and images for it.
struct Case {
  explicit Case(std::uint64_t seed)
      : generator(seed),
        network(cfc::testing::random_network(generator)),
        configuration(cfc::testing::random_configuration(generator, network)),
        images(cfc::testing::random_images(generator, 5, network.inputs())) {}

  Generator generator;
  cfc::golden::Network network;
  cfc::Configuration configuration;
  cfc::golden::MatrixU8 images;
};

/// What is wrong with a case, stalled at random from a seed or (none) back to back; "" if nothing.
std::string check(const Case& drawn, std::optional<std::uint64_t> stalls) {
  const cfc::LockstepResult result =
      cfc::run_lockstep({drawn.network, drawn.configuration, drawn.images, stalls});
  if (const auto& difference = result.difference) {
    return "cycle " + std::to_string(difference->cycle) + ", layer " +
           std::to_string(difference->layer) + ", " + difference->signal + ": model " +
           std::to_string(difference->model) + ", RTL " + std::to_string(difference->rtl);
  }
  if (result.images == static_cast<std::uint64_t>(drawn.images.rows())) return "";
  return "only " + std::to_string(result.images) + " images came out";
}

/// `check` in a process of its own, as every elaboration needs one.
std::string check_isolated(const Case& drawn, std::optional<std::uint64_t> stalls) {
  const auto work = [&](std::size_t, std::atomic<std::uint64_t>&) -> json {
    return check(drawn, stalls);
  };
  return cfc::run_in_processes(1, work, [](std::uint64_t) {}).front().get<std::string>();
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
    const Case drawn(seed);
    layers += drawn.configuration.layers.size();
    // The stalls cost next to nothing once the RTL is built.
    for (const auto stalls : {std::optional<std::uint64_t>(seed), std::optional<std::uint64_t>()}) {
      const std::string wrong = check_isolated(drawn, stalls);
      if (wrong.empty()) continue;
      std::cout << "seed " << seed << (stalls ? ", stalled: " : ", back to back: ") << wrong << '\n'
                << cfc::testing::describe(drawn.configuration);
      return 1;
    }
  }
  std::cout << count << " random networks (" << layers
            << " layers) in lockstep, stalled and back to back, from seed " << first
            << ": 0 differences\n";
  return 0;
}

int main(int argc, char* argv[]) {
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);
  return sc_core::sc_elab_and_sim(argc, argv);
}
