// Several initiators at several targets through the bus, a checker in every connection: data
// arrive, no initiator gets another's answer, and the protocol is kept on both sides.

#include <array>
#include <cstring>

#include <gtest/gtest.h>

#include "platform/bus/blocking_initiator.h"
#include "platform/bus/protocol_checker.h"
#include "platform/bus/tlm_bus.h"
#include "platform/dram/memory_target.h"
#include "tests/helpers/random_networks.h"
#include "tests/platform/both_styles.h"

namespace cfc::testing {
namespace {

using sc_core::sc_time;

constexpr unsigned kInitiators = 3;
constexpr unsigned kTargets = 2;
constexpr std::uint64_t kTargetBytes = 0x1000;
constexpr std::uint64_t kFirst = 0x8000;

std::unique_ptr<MemoryTarget> memory(const char* name, double bytes_per_second) {
  return std::make_unique<MemoryTarget>(
      name, kTargetBytes,
      std::make_unique<SimpleTiming>(sc_time(35, sc_core::SC_NS), bytes_per_second));
}

class Crowd : public sc_core::sc_module {
 public:
  Crowd(const sc_core::sc_module_name& name, CodingStyle style, double bytes_per_second)
      : sc_module(name),
        bus_("bus", kInitiators, {{kFirst, kTargetBytes}, {kFirst + kTargetBytes, kTargetBytes}},
             {}),
        memories_{memory("memory_0", bytes_per_second), memory("memory_1", bytes_per_second)} {
    SC_HAS_PROCESS(Crowd);
    for (unsigned i = 0; i < kInitiators; ++i) {
      initiators.push_back(
          std::make_unique<BlockingInitiator>("initiator_" + std::to_string(i), style));
      connect(initiators.back()->socket(), bus_.from_initiator(i));
    }
    for (unsigned i = 0; i < kTargets; ++i) connect(bus_.to_target(i), memories_[i]->socket());
    SC_THREAD(run_0);
    SC_THREAD(run_1);
    SC_THREAD(run_2);
  }

  std::string violations() const {
    std::string text;
    for (const auto& checker : checkers_) {
      for (const std::string& violation : checker->violations()) text += violation + '\n';
      if (checker->open_transactions() > 0) text += "a transaction has not ended\n";
      if (checker->transactions() == 0) text += "a checker saw nothing\n";
    }
    return text;
  }

  std::vector<std::unique_ptr<BlockingInitiator>> initiators;
  unsigned ended{0};

 private:
  template <typename From, typename To>
  void connect(From& from, To& to) {
    const std::string name = "checker_" + std::to_string(checkers_.size());
    checkers_.push_back(std::make_unique<ProtocolChecker>(name.c_str()));
    from.bind(checkers_.back()->from_initiator);
    checkers_.back()->to_target.bind(to);
  }

  /// Writes and reads back in stretches that are this initiator's own, in both targets.
  void run(unsigned index) {
    Generator generator(test_seed() + index);
    BlockingInitiator& me = *initiators[index];
    for (int i = 0; i < 300; ++i) {
      const auto bytes = static_cast<std::size_t>(4 << uniform(generator, 0, 4));
      const auto stretch = static_cast<std::uint64_t>(uniform(generator, 0, 9)) * kInitiators;
      const std::uint64_t address = kFirst + (stretch + index) * 0x100;
      std::vector<std::uint8_t> there(bytes);
      for (std::uint8_t& byte : there) byte = static_cast<std::uint8_t>(uniform(generator, 0, 255));
      std::vector<std::uint8_t> back(bytes);
      EXPECT_EQ(me.write(address, there.data(), bytes), tlm::TLM_OK_RESPONSE);
      EXPECT_EQ(me.read(address, back.data(), bytes), tlm::TLM_OK_RESPONSE);
      EXPECT_EQ(there, back);
      if (i % 50 == 0) {
        EXPECT_EQ(me.read(0x100, back.data(), 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(me.read(kFirst + 2 * kTargetBytes - 2, back.data(), 4),
                  tlm::TLM_ADDRESS_ERROR_RESPONSE);
      }
      if (uniform(generator, 0, 3) == 0) {
        me.sync();
        wait(sc_time(uniform(generator, 0, 200), sc_core::SC_NS));
      }
    }
    me.sync();
    ++ended;
  }
  void run_0() { run(0); }
  void run_1() { run(1); }
  void run_2() { run(2); }

  TlmBus bus_;
  std::array<std::unique_ptr<MemoryTarget>, kTargets> memories_;
  std::vector<std::unique_ptr<ProtocolChecker>> checkers_;
};

class Bus : public ::testing::TestWithParam<CodingStyle> {};

TEST_P(Bus, CarriesACrowd) {
  Crowd crowd("crowd", GetParam(), 1e9);
  sc_core::sc_start(sc_time(10, sc_core::SC_MS));
  EXPECT_EQ(crowd.ended, kInitiators);
  EXPECT_EQ(crowd.violations(), "");
}

TEST_P(Bus, PassesDirectMemoryOnInTheInitiatorsAddresses) {
  Crowd crowd("crowd", GetParam(), 0);  // constant latency: direct access is granted
  sc_core::sc_start(sc_time(10, sc_core::SC_MS));
  tlm::tlm_generic_payload payload;
  payload.set_address(kFirst + kTargetBytes + 0x10);
  tlm::tlm_dmi dmi;
  ASSERT_TRUE(crowd.initiators[0]->socket()->get_direct_mem_ptr(payload, dmi));
  EXPECT_EQ(dmi.get_start_address(), kFirst + kTargetBytes);
  EXPECT_EQ(dmi.get_end_address(), kFirst + 2 * kTargetBytes - 1);
  EXPECT_EQ(dmi.get_read_latency(), sc_time(35, sc_core::SC_NS));
  const std::uint32_t value = 0x12345678;
  crowd.initiators[0]->debug_write(payload.get_address(), &value, sizeof value);
  EXPECT_EQ(std::memcmp(dmi.get_dmi_ptr() + 0x10, &value, sizeof value), 0);
  payload.set_address(0);
  EXPECT_FALSE(crowd.initiators[0]->socket()->get_direct_mem_ptr(payload, dmi));
}

TEST(BusWithRate, GrantsNoDirectMemory) {
  Crowd crowd("crowd", CodingStyle::loosely_timed, 1e9);
  sc_core::sc_start(sc_time(10, sc_core::SC_MS));
  tlm::tlm_generic_payload payload;
  payload.set_address(kFirst);
  tlm::tlm_dmi dmi;
  EXPECT_FALSE(crowd.initiators[0]->socket()->get_direct_mem_ptr(payload, dmi));
}

INSTANTIATE_TEST_SUITE_P(BothStyles, Bus, ::testing::ValuesIn(kBothStyles), style_name);

}  // namespace
}  // namespace cfc::testing
