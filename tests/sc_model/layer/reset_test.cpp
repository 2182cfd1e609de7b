// A reset in mid-run drops what is in flight; the run after it is like the first.

#include <memory>

#include <gtest/gtest.h>

#include "golden/inference.h"
#include "testbench/accelerator_bench.h"
#include "testbench/scoreboard.h"
#include "tests/helpers/isolated.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {
namespace {

/// Collects the logits of a run as they come.
class Recorder : public tlm::tlm_analysis_if<LogitsEvent> {
 public:
  void write(const LogitsEvent& event) override { logits.push_back(event.logits); }
  std::vector<std::vector<std::int32_t>> logits;
};

bool equals(const std::vector<std::vector<std::int32_t>>& logits,
            const golden::MatrixS32& expected) {
  if (static_cast<golden::Index>(logits.size()) != expected.rows()) return false;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const std::int32_t* row = expected.data() + static_cast<golden::Index>(i) * expected.cols();
    if (!std::equal(logits[i].begin(), logits[i].end(), row, row + expected.cols())) return false;
  }
  return true;
}

std::uint64_t cycles_to_the_end(AcceleratorBench& bench) {
  constexpr std::uint64_t kPatience = 5'000'000;
  while (!bench.finished() && bench.cycles() < kPatience) bench.run(1);
  return bench.cycles();
}

std::string check_reset(std::uint64_t seed) {
  Generator generator(seed);
  const golden::Network network = random_network(generator);
  const Configuration configuration = random_configuration(generator, network);
  const golden::MatrixU8 images = random_images(generator, 4, network.inputs());
  const golden::MatrixS32 expected = golden::infer(network, images).logits();
  AcceleratorBench bench("bench", network, configuration, images, 0, images.rows());
  Recorder recorder;
  bench.sink().received(recorder);

  bench.reset();
  const std::uint64_t undisturbed = cycles_to_the_end(bench);
  std::string wrong;
  if (!equals(recorder.logits, expected)) wrong += "the first run is wrong\n";
  for (int i = 0; i < 5; ++i) {
    bench.reset();
    bench.run(static_cast<std::uint64_t>(uniform(generator, 1, static_cast<int>(undisturbed))));
    recorder.logits.clear();
    bench.reset();
    const std::uint64_t cycles = cycles_to_the_end(bench);
    if (!equals(recorder.logits, expected)) wrong += "the run after a reset is wrong\n";
    if (cycles != undisturbed) {
      wrong += "the run after a reset takes " + std::to_string(cycles) + " cycles instead of " +
               std::to_string(undisturbed) + '\n';
    }
  }
  return wrong.empty() ? wrong
                       : "seed " + std::to_string(seed) + '\n' + describe(configuration) + wrong;
}

TEST(Reset, InMidRunLeavesNothingBehind) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 60; ++seed) {
    EXPECT_EQ(isolated([&] { return check_reset(seed); }), "");
  }
}

}  // namespace
}  // namespace cfc::testing
