// The accelerator behind its sockets computes what golden computes, in both styles, at the same
// times, with every placement of weights and z.

#include <map>

#include <gtest/gtest.h>

#include "golden/inference.h"
#include "platform/dram/dram_timing.h"
#include "tests/helpers/isolated.h"
#include "tests/helpers/random_networks.h"
#include "tests/platform/test_platform.h"

namespace cfc::testing {
namespace {

using sc_core::sc_time;

TestPlatform::MakeMemory dram_memory() {
  return [] {
    const auto file = std::string(CFCSIM_SOURCE_DIR) + "/testbench/platforms/ddr3_1600_x16.yaml";
    return std::make_unique<MemoryTarget>("memory", kMemoryBytes,
                                          std::make_unique<DramTiming>(read_dram_parameters(file)));
  };
}

/// A memory that grants direct access: its latency is constant.
TestPlatform::MakeMemory constant_memory() {
  return [] {
    return std::make_unique<MemoryTarget>(
        "memory", kMemoryBytes, std::make_unique<SimpleTiming>(sc_time(60, sc_core::SC_NS), 0));
  };
}

TestPlatform::MakeMemory random_memory(Generator& generator) {
  const int kind = uniform(generator, 0, 2);
  return kind == 0 ? simple_memory() : kind == 1 ? dram_memory() : constant_memory();
}

struct Run {
  std::string wrong;
  std::vector<std::uint64_t> numbers;  ///< end times and counters
};

/// One run of a random network on a random machine, twice over, the second job in another
/// placement. Loosely timed, the host runs ahead by up to a random quantum.
Run run_jobs(std::uint64_t seed, CodingStyle style) {
  Generator generator(seed);
  const sc_time quantum(uniform(generator, 0, 2) * 700, sc_core::SC_NS);
  tlm::tlm_global_quantum::instance().set(quantum);
  const golden::Network network = random_network(generator);
  const Configuration configuration = random_configuration(generator, network);
  const auto images = static_cast<std::uint32_t>(uniform(generator, 1, 9));
  const golden::MatrixU8 pixels = random_images(generator, images, network.inputs());
  const golden::MatrixS32 expected = golden::infer(network, pixels).logits();
  TlmAcceleratorOptions options;
  options.dma.outstanding = static_cast<unsigned>(uniform(generator, 1, 8));
  options.dma.group_bursts = static_cast<unsigned>(uniform(generator, 1, 8));
  options.image_places = uniform(generator, 1, 3);
  options.result_places = uniform(generator, 1, 3);
  options.weight_banks = uniform(generator, 1, 2);
  TestPlatform platform("platform", network, configuration, style, random_memory(generator),
                        options);
  Run run;
  const bool ended = platform.run([&] {
    if (platform.load(network) != pending_bits::kLoadDone) run.wrong += "load failed\n";
    platform.put_images(pixels);
    for (int job = 0; job < 3; ++job) {
      const auto period = static_cast<std::uint32_t>(uniform(generator, 0, 3));
      const auto spill = static_cast<std::uint32_t>(uniform(generator, 0, 1));
      const std::uint32_t pending = platform.start(images, period, spill);
      if (pending != pending_bits::kDone) {
        run.wrong += "job " + std::to_string(job) + ": pending " + std::to_string(pending) +
                     ", error " + std::to_string(platform.get(Register::error)) + '\n';
      }
      if (platform.results(images) != expected) {
        run.wrong += "job " + std::to_string(job) + ": wrong results\n";
      }
      run.numbers.push_back(sc_core::sc_time_stamp().value());
      for (const Register counter :
           {Register::job_cycles, Register::read_bytes, Register::written_bytes,
            Register::wait_input, Register::wait_weights, Register::wait_z, Register::wait_output,
            Register::access_words, Register::access_bits}) {
        run.numbers.push_back(platform.get64(counter));
      }
    }
  });
  if (!ended) run.wrong += "the program has not ended\n";
  if (platform.memory_checker.transactions() == 0) run.wrong += "the checker saw nothing\n";
  run.wrong += platform.violations();
  if (!run.wrong.empty()) {
    run.wrong = "seed " + std::to_string(seed) + '\n' + describe(configuration) + run.wrong;
  }
  return run;
}

/// Like `isolated`, for what a run measured.
std::pair<std::string, std::string> isolated_run(std::uint64_t seed, CodingStyle style) {
  std::string numbers;
  const std::string wrong = isolated([&] {
    const Run run = run_jobs(seed, style);
    std::string text = run.wrong + '|';
    for (const std::uint64_t number : run.numbers) text += std::to_string(number) + ' ';
    return text;
  });
  const std::size_t bar = wrong.find('|');
  if (bar == std::string::npos) return {wrong, ""};
  return {wrong.substr(0, bar), wrong.substr(bar + 1)};
}

TEST(Accelerator, LooselyAndApproximatelyTimedRunsAgreeWithGoldenAndInTime) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 60; ++seed) {
    const auto loose = isolated_run(seed, CodingStyle::loosely_timed);
    const auto approximate = isolated_run(seed, CodingStyle::approximately_timed);
    EXPECT_EQ(loose.first, "");
    EXPECT_EQ(approximate.first, "");
    EXPECT_NE(loose.second, "");
    EXPECT_EQ(loose.second, approximate.second) << "seed " << seed;
    const auto direct = isolated_run(seed, CodingStyle::loosely_timed_direct);
    EXPECT_EQ(direct.first, "");
    EXPECT_EQ(direct.second, approximate.second) << "seed " << seed;
  }
}

TEST(Accelerator, UsesDirectMemoryWhileItIsGranted) {
  Generator generator(test_seed());
  const golden::Network network = random_network(generator);
  const golden::MatrixU8 pixels = random_images(generator, 8, network.inputs());
  TestPlatform platform("platform", network, random_configuration(generator, network),
                        CodingStyle::loosely_timed_direct, constant_memory());
  const auto transactions_of_a_job = [&] {
    const std::uint64_t before = platform.memory_checker.transactions();
    EXPECT_EQ(platform.start(8, 1), pending_bits::kDone);
    EXPECT_EQ(platform.results(8), golden::infer(network, pixels).logits());
    return platform.memory_checker.transactions() - before;
  };
  EXPECT_TRUE(platform.run([&] {
    ASSERT_EQ(platform.load(network), pending_bits::kLoadDone);
    EXPECT_EQ(platform.memory_checker.transactions(), 1U) << "the first one asks";
    platform.put_images(pixels);
    EXPECT_EQ(transactions_of_a_job(), 0U);
    platform.memory->socket()->invalidate_direct_mem_ptr(kImagesAt, kImagesAt);
    EXPECT_EQ(transactions_of_a_job(), 1U);
    platform.memory->socket()->invalidate_direct_mem_ptr(kMemoryBytes, kMemoryBytes);
    EXPECT_EQ(transactions_of_a_job(), 0U) << "somewhere else";
  }));
  EXPECT_EQ(platform.violations(), "");
}

}  // namespace
}  // namespace cfc::testing
