// The accelerator in front of a memory that somebody else wrote.

#include "tests/platform/bus/foreign_memory.h"

#include <numeric>

#include <gtest/gtest.h>

#include "golden/inference.h"
#include "tests/helpers/isolated.h"
#include "tests/helpers/random_networks.h"
#include "tests/platform/test_platform.h"

namespace cfc::testing {
namespace {

using Fault = ForeignMemory::Fault;

/// What was wrong with three jobs of a random accelerator; "" if nothing was.
std::string wrong_with_jobs(std::uint64_t seed, CodingStyle style, Fault fault) {
  Generator generator(seed);
  const golden::Network network = random_network(generator);
  const Configuration configuration = random_configuration(generator, network);
  const golden::MatrixU8 pixels = random_images(generator, 4, network.inputs());
  const golden::MatrixS32 expected = golden::infer(network, pixels).logits();
  TlmAcceleratorOptions options;
  options.dma.outstanding = static_cast<unsigned>(uniform(generator, 2, 8));
  ForeignMemory foreign("foreign", seed, fault);
  const auto between = [&](auto& initiator, MemoryTarget& memory) {
    initiator.bind(foreign.socket);
    foreign.content.bind(memory.socket());
  };
  TestPlatform platform("platform", network, configuration, style, simple_memory(), options,
                        between);
  std::string wrong;
  const bool ended = platform.run([&] {
    if (platform.load(network) != pending_bits::kLoadDone) {
      wrong += "load failed\n";
      return;
    }
    platform.put_images(pixels);
    for (std::uint32_t job = 0; job < 3; ++job) {
      if (platform.start(4, job, job % 2) != pending_bits::kDone) wrong += "no end\n";
      if (platform.results(4) != expected) wrong += "wrong results\n";
    }
  });
  if (!ended) wrong += "the program has not ended\n";
  wrong += platform.violations();
  constexpr std::uint64_t kEnoughForAllWays = 150;  // a few seeds in thirty move less
  const auto& ways = foreign.ways();
  if (std::accumulate(ways.begin(), ways.end(), std::uint64_t{0}) > kEnoughForAllWays) {
    for (const std::uint64_t count : ways) {
      if (count == 0) wrong += "a way to answer was not taken\n";
    }
    if (foreign.overtaken() == 0) wrong += "nothing overtook\n";
  }
  return wrong.empty() ? "" : "seed " + std::to_string(seed) + '\n' + wrong;
}

std::string isolated_jobs(std::uint64_t seed, CodingStyle style, Fault fault) {
  return isolated([&] { return wrong_with_jobs(seed, style, fault); });
}

TEST(ForeignMemory, AnyAnswerOfTheBaseProtocolGivesTheLogitsOfGolden) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 30; ++seed) {
    EXPECT_EQ(isolated_jobs(seed, CodingStyle::approximately_timed, Fault::none), "");
  }
}

TEST(ForeignMemory, AnAddressThatIsChangedUnderWayDoesNotMoveTheData) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 10; ++seed) {
    EXPECT_EQ(isolated_jobs(seed, CodingStyle::loosely_timed, Fault::none), "");
  }
}

TEST(ForeignMemory, WrongDataIsNoticed) {
  const std::uint64_t seed = test_seed();
  for (const Fault fault : {Fault::flipped_bit, Fault::wrong_address}) {
    EXPECT_NE(isolated_jobs(seed, CodingStyle::approximately_timed, fault), "");
  }
}

}  // namespace
}  // namespace cfc::testing
