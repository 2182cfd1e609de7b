// Memory that is late, answers out of order, refuses or hangs; resets and interrupts at any moment:
// nothing is lost, what went wrong is reported, and the next job is right.

#include <gtest/gtest.h>

#include "golden/inference.h"
#include "tests/helpers/isolated.h"
#include "tests/helpers/random_networks.h"
#include "tests/platform/both_styles.h"
#include "tests/platform/test_platform.h"

namespace cfc::testing {
namespace {

using sc_core::sc_time;

/// Does to each access what the test says.
class FaultyMemory : public MemoryTarget {
 public:
  /// Extra delay of the response; empty: no response. May change the status.
  using Fault = std::function<std::optional<sc_time>(tlm::tlm_generic_payload&)>;

  FaultyMemory()
      : MemoryTarget("memory", kMemoryBytes,
                     std::make_unique<SimpleTiming>(sc_time(60, sc_core::SC_NS), 3.2e9)) {}

  Fault fault;

 private:
  std::optional<sc_time> access(tlm::tlm_generic_payload& payload,
                                const sc_time& arrival) override {
    const auto when = MemoryTarget::access(payload, arrival);
    if (!fault) return when;
    const auto extra = fault(payload);
    return extra ? std::optional<sc_time>(*when + *extra) : std::nullopt;
  }
};

/// A platform with a faulty memory, a network loaded and images in memory.
struct FaultBench {
  FaultBench(std::uint64_t seed, CodingStyle style)
      : generator(seed),
        network(random_network(generator)),
        images(random_images(generator, 8, network.inputs())),
        expected(golden::infer(network, images).logits()),
        platform("platform", network, random_configuration(generator, network), style, [this] {
          auto memory_made = std::make_unique<FaultyMemory>();
          memory = memory_made.get();
          return memory_made;
        }) {}

  /// Runs `faulty` on the host after loading; then a job without faults must be right.
  std::string check(const std::function<std::string()>& faulty) {
    std::string wrong;
    const bool ended = platform.run([&] {
      if (platform.load(network) != pending_bits::kLoadDone) wrong += "load failed\n";
      platform.put_images(images);
      wrong += faulty();
      memory->fault = nullptr;
      wrong += good_job();
    });
    if (!ended) wrong += "the program has not ended\n";
    return wrong + platform.violations();
  }

  std::string good_job() {
    const std::uint32_t pending = platform.start(8, 2, 1);
    if (pending != pending_bits::kDone) {
      return "the job says " + std::to_string(pending) + ", error " +
             std::to_string(platform.get(Register::error)) + '\n';
    }
    return platform.results(8) == expected ? "" : "the results are wrong\n";
  }

  Generator generator;
  golden::Network network;
  golden::MatrixU8 images;
  golden::MatrixS32 expected;
  FaultyMemory* memory{nullptr};
  TestPlatform platform;
};

using Scenario = std::string (*)(FaultBench&, CodingStyle);

void for_seeds(int count, Scenario scenario) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + static_cast<std::uint64_t>(count); ++seed) {
    for (const CodingStyle style : kBothStyles) {
      EXPECT_EQ(isolated([&] {
                  FaultBench bench(seed, style);
                  return bench.check([&] { return scenario(bench, style); });
                }),
                "")
          << "seed " << seed << (style == CodingStyle::loosely_timed ? ", loose" : ", approximate");
    }
  }
}

std::string late_and_out_of_order(FaultBench& bench, CodingStyle /*style*/) {
  bench.memory->fault = [&bench](tlm::tlm_generic_payload&) {
    return sc_time(uniform(bench.generator, 0, 3000), sc_core::SC_NS);
  };
  return bench.good_job();
}

TEST(Faults, LateAndOutOfOrderResponsesChangeNothingButTime) {
  for_seeds(10, late_and_out_of_order);
}

std::string error_response(FaultBench& bench, CodingStyle /*style*/) {
  int left = uniform(bench.generator, 0, 5);
  std::uint64_t refused = 0;
  bench.memory->fault = [&](tlm::tlm_generic_payload& payload) {
    if (left-- == 0) {
      refused = payload.get_address();
      payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    }
    return sc_core::SC_ZERO_TIME;
  };
  std::string wrong;
  if (bench.platform.start(8, 1, 1) != pending_bits::kError) wrong += "no error interrupt\n";
  if (bench.platform.get(Register::error) != error_bits::kBus) wrong += "not the BUS error\n";
  if (bench.platform.get64(Register::error_address) != refused) wrong += "another address\n";
  bench.platform.set(Register::error, ~0U);
  if (bench.platform.get(Register::error) != 0) wrong += "ERROR does not clear\n";
  return wrong;
}

TEST(Faults, AnErrorResponseEndsTheJobAndNamesTheAddress) { for_seeds(10, error_response); }

std::string hung_memory(FaultBench& bench, CodingStyle style) {
  // A loosely timed memory that hangs never returns; here it returns after all, much too late.
  int left = uniform(bench.generator, 0, 20);
  const bool loose = style == CodingStyle::loosely_timed;
  bench.memory->fault = [&](tlm::tlm_generic_payload&) -> std::optional<sc_time> {
    if (left-- > 0) return sc_core::SC_ZERO_TIME;
    if (loose) return sc_time(5, sc_core::SC_MS);
    return {};
  };
  bench.platform.set(Register::time_out, 1000);
  std::string wrong;
  if (bench.platform.start(8, 1, 1) != pending_bits::kError) wrong += "no error interrupt\n";
  if (bench.platform.get(Register::error) != error_bits::kTimeOut) wrong += "not TIME_OUT\n";
  if (bench.platform.get64(Register::error_address) == 0) wrong += "no address\n";
  bench.platform.set(Register::error, ~0U);
  if (loose) wait(sc_time(6, sc_core::SC_MS));
  return wrong;
}

/// A memory that swallows a few requests for good leaves the rest of the places to work with.
TEST(Faults, AHungMemoryIsATimeOut) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 10; ++seed) {
    for (const CodingStyle style : kBothStyles) {
      EXPECT_EQ(isolated([&] {
                  FaultBench bench(seed, style);
                  std::string wrong;
                  bench.platform.run([&] {
                    bench.platform.load(bench.network);
                    bench.platform.put_images(bench.images);
                    wrong += hung_memory(bench, style);
                    bench.memory->fault = nullptr;
                    // What hangs for good still occupies its places: the next job is right or, with
                    // none left, again a time-out, never silence.
                    const std::uint32_t pending = bench.platform.start(8);
                    if (pending == pending_bits::kDone) {
                      if (bench.platform.results(8) != bench.expected) wrong += "wrong results\n";
                    } else if (style == CodingStyle::loosely_timed ||
                               bench.platform.get(Register::error) != error_bits::kTimeOut) {
                      wrong += "the next job says " + std::to_string(pending) + '\n';
                    }
                  });
                  return wrong + bench.platform.violations();
                }),
                "")
          << "seed " << seed;
    }
  }
}

/// Each answer takes longer than the load was given: of no concern to a job that may wait for ever.
std::string time_out_of_the_load(FaultBench& bench, CodingStyle /*style*/) {
  bench.platform.set(Register::time_out, 1000);
  std::string wrong;
  if (bench.platform.load(bench.network) != pending_bits::kLoadDone) wrong += "load failed\n";
  bench.platform.set(Register::time_out, 0);
  bench.memory->fault = [](tlm::tlm_generic_payload&) { return sc_time(20, sc_core::SC_US); };
  return wrong + bench.good_job();
}

TEST(Faults, ATimeOutEndsWithTheLoadThatItWasSetFor) { for_seeds(3, time_out_of_the_load); }

std::string resets(FaultBench& bench, CodingStyle /*style*/) {
  TestPlatform& platform = bench.platform;
  std::string wrong;
  for (int i = 0; i < 6; ++i) {
    platform.set(Register::interrupt_enable, 0);
    platform.start_only(8, static_cast<std::uint32_t>(uniform(bench.generator, 0, 2)), 1);
    wait(sc_time(uniform(bench.generator, 0, 20'000), sc_core::SC_NS));
    platform.set(Register::control, control_bits::kReset);
    platform.host.sync();
    while ((platform.get(Register::status) & status_bits::kBusy) != 0)
      wait(sc_time(100, sc_core::SC_NS));
    if (platform.get(Register::images) != 0) wrong += "RESET leaves a register\n";
    if ((platform.get(Register::status) & status_bits::kLoaded) == 0) wrong += "network lost\n";
    platform.set(Register::interrupt_enable, ~0U);
    wrong += bench.good_job();
  }
  return wrong;
}

TEST(Faults, ResetInTheMiddleOfATransferLeavesNothingBehind) { for_seeds(10, resets); }

std::string interrupts(FaultBench& bench, CodingStyle /*style*/) {
  TestPlatform& platform = bench.platform;
  std::string wrong;
  for (int i = 0; i < 5; ++i) {
    platform.start_only(8, 1, 1);
    // The host looks, clears and switches at moments of its own; DONE must not be lost by it.
    std::uint32_t seen = 0;
    for (int look = 0; look < 2000 && (seen & pending_bits::kDone) == 0; ++look) {
      platform.set(Register::interrupt_enable, static_cast<std::uint32_t>(look & 1));
      const std::uint32_t pending = platform.get(Register::interrupt_pending);
      if (pending != 0) platform.set(Register::interrupt_pending, pending);
      seen |= pending;
      platform.host.sync();
      wait(sc_time(uniform(bench.generator, 1, 5000), sc_core::SC_NS));
    }
    if (seen != pending_bits::kDone) wrong += "saw " + std::to_string(seen) + '\n';
    platform.set(Register::interrupt_enable, ~0U);
    platform.host.sync();
    wait(sc_time(100, sc_core::SC_NS));
    if (platform.interrupt.read()) wrong += "the interrupt stays\n";
    if (platform.results(8) != bench.expected) wrong += "wrong results\n";
  }
  return wrong;
}

TEST(Faults, InterruptsTakenAtAnyMomentAreNotLost) { for_seeds(6, interrupts); }

std::string corrupted_z(FaultBench& bench, CodingStyle /*style*/) {
  bool flipped = false;
  bench.memory->fault = [&](tlm::tlm_generic_payload& payload) {
    if (payload.is_read() && payload.get_address() >= kSpillAt) {
      payload.get_data_ptr()[0] ^= 1;
      flipped = true;
    }
    return sc_core::SC_ZERO_TIME;
  };
  const std::uint32_t pending = bench.platform.start(8, 0, option_bits::kSpillZ);
  const std::uint32_t error = bench.platform.get(Register::error);
  bench.platform.set(Register::error, ~0U);
  if (!flipped) return pending == pending_bits::kDone ? "" : "no layer spills, yet no DONE\n";
  return pending == pending_bits::kError && error == error_bits::kZ ? "" : "no Z error\n";
}

TEST(Faults, AZThatComesBackDifferentIsNoticed) { for_seeds(15, corrupted_z); }

}  // namespace
}  // namespace cfc::testing
