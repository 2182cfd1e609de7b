// What the placement of weights means, and that the front end leaves the accelerator as it is.

#include <gtest/gtest.h>

#include "explore/timing/timing_model.h"
#include "golden/inference.h"
#include "tests/helpers/random_networks.h"
#include "tests/platform/test_platform.h"

namespace cfc::testing {
namespace {

/// 40 x 12 of rank 5, sequential or streaming.
golden::Network one_layer() {
  Generator generator(3);
  golden::Network network;
  network.layers.push_back(
      {"fc1",
       golden::FactorisedWeights{random_weights(generator, 40, 5), random_weights(generator, 5, 12),
                                 8, 8, 4, 12},
       golden::VectorS32::Zero(12),
       {}});
  return network;
}

Configuration machine(Schedule schedule) {
  LayerConfiguration layer;
  layer.shape = {40, 12, 5};
  layer.schedule = schedule;
  layer.lanes_u = 40;
  layer.lanes_v = 12;
  layer.link_width = 12;
  return {10.0, 40, {layer}};
}

class Placement : public ::testing::Test {
 protected:
  void run(Schedule schedule, const std::function<void(TestPlatform&)>& program) {
    TestPlatform platform("platform", network, machine(schedule), CodingStyle::loosely_timed,
                          simple_memory());
    EXPECT_TRUE(platform.run([&] {
      ASSERT_EQ(platform.load(network), pending_bits::kLoadDone);
      platform.put_images(images);
      program(platform);
    }));
    EXPECT_EQ(platform.violations(), "");
  }

  Generator generator{5};
  golden::Network network = one_layer();
  golden::MatrixU8 images = random_images(generator, 8, 40);
  golden::MatrixS32 expected = golden::infer(network, images).logits();
  std::uint64_t network_bytes = pack_network(network).size() - 128;  ///< the section alone
};

TEST_F(Placement, CyclesInRunAreThoseOfTheTimingModel) {
  run(Schedule::streaming, [&](TestPlatform& platform) {
    for (const std::uint32_t period : {0U, 1U, 4U}) platform.start(8, period);
    const RunStatistics alone =
        explore::predict(machine(Schedule::streaming), explore::widths_of(network), 24);
    const LayerStatistics layer = platform.accelerator.statistics().layers.front();
    EXPECT_EQ(layer.images, 24U);
    EXPECT_EQ(layer.run_cycles, alone.layers.front().run_cycles);
    EXPECT_EQ(layer.memories.at("u").reads, alone.layers.front().memories.at("u").reads);
  });
}

TEST_F(Placement, BytesFromMemory) {
  run(Schedule::streaming, [&](TestPlatform& platform) {
    for (const auto& [period, fetches] : {std::pair{0U, 0U}, {1U, 8U}, {3U, 3U}, {8U, 1U}}) {
      platform.start(8, period);
      EXPECT_EQ(platform.get64(Register::read_bytes), 8 * 64 + fetches * network_bytes);
      EXPECT_EQ(platform.get64(Register::written_bytes), 8 * 64U);
      EXPECT_EQ(platform.get64(Register::wait_weights) > 0, period > 0);
    }
  });
}

TEST_F(Placement, SpilledZCostsItsBytesAndItsTime) {
  run(Schedule::sequential, [&](TestPlatform& platform) {
    platform.start(8);
    const std::uint64_t fused = platform.get64(Register::job_cycles);
    EXPECT_EQ(platform.get64(Register::wait_z), 0U);
    platform.start(8, 0, option_bits::kSpillZ);
    EXPECT_EQ(platform.get64(Register::written_bytes), 8 * (64 + 64U));
    EXPECT_EQ(platform.get64(Register::read_bytes), 8 * (64 + 64U));
    const std::uint64_t unfused = platform.get64(Register::job_cycles);
    // Each z goes and comes, 80 ns each way at least, between the two passes.
    EXPECT_GE(unfused, fused + 8 * 16);
    EXPECT_GE(platform.get64(Register::wait_z), 8 * 16U);
    EXPECT_EQ(platform.results(8), expected);
  });
}

TEST_F(Placement, StreamedWeightsAreThoseInMemoryAndThoseOnChipAreNot) {
  golden::Network other = network;
  auto& factors = std::get<golden::FactorisedWeights>(other.layers.front().weights);
  factors.v(2, 3) = static_cast<std::int8_t>(factors.v(2, 3) ^ 0x15);
  const golden::MatrixS32 other_expected = golden::infer(other, images).logits();
  ASSERT_NE(other_expected, expected);
  run(Schedule::streaming, [&](TestPlatform& platform) {
    platform.put_network(other);
    EXPECT_EQ(platform.start(8), pending_bits::kDone);
    EXPECT_EQ(platform.results(8), expected);
    EXPECT_EQ(platform.start(8, 1), pending_bits::kDone);
    EXPECT_EQ(platform.results(8), other_expected);
  });
}

}  // namespace
}  // namespace cfc::testing
