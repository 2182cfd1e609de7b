// The paper's layer by hand: docs/reference/timing.md, "Worked example", cycle by cycle; and checks
// that the comparison with golden bites.

#include <gtest/gtest.h>

#include "golden/inference.h"
#include "testbench/accelerator_bench.h"
#include "testbench/scoreboard.h"
#include "tests/helpers/random_networks.h"

namespace cfc::testing {
namespace {

/// 784 x 50 of rank 30, the paper's first layer, with random weights.
golden::Network paper_layer() {
  Generator generator(1);
  golden::Network network;
  network.layers.push_back(
      {"fc1",
       golden::FactorisedWeights{random_weights(generator, 784, 30),
                                 random_weights(generator, 30, 50), 8, 8, 12, 8},
       golden::VectorS32::Zero(50),
       {}});
  return network;
}

Configuration everything_full(Schedule schedule) {
  LayerConfiguration layer;
  layer.shape = {784, 50, 30};
  layer.schedule = schedule;
  layer.lanes_u = 784;
  layer.lanes_v = schedule == Schedule::sequential ? 30 : 50;
  layer.link_width = 50;
  return {10.0, 784, {layer}};
}

golden::MatrixU8 one_image() {
  Generator generator(2);
  return random_images(generator, 1, 784);
}

TEST(Timing, WorkedExampleCycleByCycle) {
  const golden::MatrixU8 image = one_image();
  AcceleratorBench bench("bench", paper_layer(), everything_full(Schedule::streaming), image, 0, 1);
  const Layer& layer = *bench.accelerator().layers().front();
  const auto controllers = layer.controllers();
  bench.reset();
  for (int cycle = 0; cycle <= 34; ++cycle) {
    bench.run(1);  // to the middle of this cycle
    const std::string l_scm = controllers[0].controller->state_name();
    const std::string dcl = controllers[2].controller->state_name();
    const std::string dil = controllers[3].controller->state_name();
    SCOPED_TRACE("cycle " + std::to_string(cycle));
    EXPECT_EQ(l_scm, cycle == 0    ? "Idle"
                     : cycle == 1  ? "Load"
                     : cycle <= 32 ? "Run"
                     : cycle == 33 ? "Send"
                                   : "Idle");
    EXPECT_EQ(dcl, cycle >= 2 && cycle <= 31 ? "Compute" : "Idle");
    EXPECT_EQ(dil, cycle >= 3 && cycle <= 32 ? "Run" : "Idle");
    // The last beat leaves in cycle 33 and is seen at the edge after it.
    EXPECT_EQ(bench.finished(), cycle == 34);
  }
}

std::uint64_t run_cycles(Schedule schedule) {
  const golden::MatrixU8 image = one_image();
  AcceleratorBench bench("bench", paper_layer(), everything_full(schedule), image, 0, 1);
  bench.record_after(1);
  bench.reset();
  bench.run(200);
  return bench.recorded_after(1).layers.front().run_cycles;
}

TEST(Timing, StreamingTakesRPlusOne) { EXPECT_EQ(run_cycles(Schedule::streaming), 30 + 1); }
TEST(Timing, SequentialTakesRPlusN) { EXPECT_EQ(run_cycles(Schedule::sequential), 30 + 50); }

TEST(Scoreboard, NoticesOneFlippedWeightBit) {
  const golden::Network network = paper_layer();
  golden::Network flipped = network;
  auto& factors = std::get<golden::FactorisedWeights>(flipped.layers.front().weights);
  factors.v(3, 7) = static_cast<std::int8_t>(factors.v(3, 7) ^ 1);
  const golden::MatrixU8 image = one_image();
  const golden::InferenceResult expected = golden::infer(network, image);
  const std::vector<golden::Label> labels(1);

  AcceleratorBench bench("bench", flipped, everything_full(Schedule::streaming), image, 0, 1);
  Scoreboard scoreboard(network, expected, labels, 51'000, 0, 1);
  scoreboard.attach(bench.accelerator(), bench.sink());
  bench.reset();
  bench.run(100);
  const Verdict& verdict = scoreboard.verdict();
  EXPECT_EQ(verdict.images, 1U);
  EXPECT_EQ(verdict.mismatches.logits, 1U);
  EXPECT_EQ(verdict.mismatches.z, 0U);
  ASSERT_FALSE(verdict.examples.empty());
  EXPECT_NE(verdict.examples.front().find("image 51000, fc1 logit[7]: golden"), std::string::npos)
      << verdict.examples.front();
}

}  // namespace
}  // namespace cfc::testing
