// The memory behind its socket: every illegal access gets its response status, and byte enables are
// kept.

#include <array>
#include <cstring>
#include <functional>

#include <gtest/gtest.h>

#include "platform/bus/blocking_initiator.h"
#include "platform/bus/protocol_checker.h"
#include "platform/dram/memory_target.h"
#include "tests/platform/both_styles.h"

namespace cfc::testing {
namespace {

using sc_core::sc_time;

constexpr std::uint64_t kBytes = 0x1000;

class MemoryBench : public sc_core::sc_module {
 public:
  MemoryBench(const sc_core::sc_module_name& name, CodingStyle style, double bytes_per_second)
      : sc_module(name),
        memory("memory", kBytes,
               std::make_unique<SimpleTiming>(sc_time(40, sc_core::SC_NS), bytes_per_second)),
        initiator("initiator", style) {
    initiator.socket().bind(checker.from_initiator);
    checker.to_target.bind(memory.socket());
    SC_HAS_PROCESS(MemoryBench);
    SC_THREAD(run_program);
  }

  void run(std::function<void()> program) {
    program_ = std::move(program);
    sc_core::sc_start(sc_time(1, sc_core::SC_MS));
    EXPECT_TRUE(ended_);
    for (const std::string& violation : checker.violations()) ADD_FAILURE() << violation;
  }

  MemoryTarget memory;
  BlockingInitiator initiator;
  ProtocolChecker checker{"checker"};
  PayloadPool pool;

 private:
  void run_program() {
    program_();
    ended_ = true;
  }

  std::function<void()> program_;
  bool ended_{false};
};

class Memories : public ::testing::TestWithParam<CodingStyle> {
 protected:
  MemoryBench bench{"bench", GetParam(), 1e9};
};

struct Access {
  const char* what;
  tlm::tlm_command command;
  std::uint64_t address;
  unsigned length;
  unsigned streaming_width;
  tlm::tlm_response_status status;
};

const Access kAccesses[] = {
    {"the last bytes", tlm::TLM_WRITE_COMMAND, kBytes - 8, 8, 8, tlm::TLM_OK_RESPONSE},
    {"nothing but looking", tlm::TLM_IGNORE_COMMAND, 0, 8, 8, tlm::TLM_OK_RESPONSE},
    {"across the end", tlm::TLM_READ_COMMAND, kBytes - 7, 8, 8, tlm::TLM_ADDRESS_ERROR_RESPONSE},
    {"behind the end", tlm::TLM_WRITE_COMMAND, kBytes, 4, 4, tlm::TLM_ADDRESS_ERROR_RESPONSE},
    {"an address that wraps round", tlm::TLM_READ_COMMAND, 0xFFFFFFFFFFFFFFFC, 8, 8,
     tlm::TLM_ADDRESS_ERROR_RESPONSE},
    {"a stream", tlm::TLM_WRITE_COMMAND, 0, 8, 4, tlm::TLM_BURST_ERROR_RESPONSE}};

TEST_P(Memories, IllegalAccessesGetTheirStatusAndMoveNothing) {
  bench.run([&] {
    for (const Access& access : kAccesses) {
      SCOPED_TRACE(access.what);
      tlm::tlm_generic_payload& payload =
          bench.pool.take(access.command, access.address, access.length);
      std::memset(payload.get_data_ptr(), 0xAA, access.length);
      payload.set_streaming_width(access.streaming_width);
      bench.initiator.transport(payload);
      EXPECT_EQ(payload.get_response_status(), access.status);
      EXPECT_EQ(payload.get_data_ptr()[0], 0xAA);
      payload.release();
    }
    std::array<std::uint8_t, kBytes> content{};
    EXPECT_EQ(bench.initiator.debug_read(0, content.data(), kBytes), kBytes);
    for (std::size_t i = 0; i < kBytes; ++i) EXPECT_EQ(content.at(i), i < kBytes - 8 ? 0 : 0xAA);
  });
}

TEST_P(Memories, MoveTheBytesThatAreEnabled) {
  bench.run([&] {
    unsigned char enables[] = {0xFF, 0, 0};
    for (const tlm::tlm_command command : {tlm::TLM_WRITE_COMMAND, tlm::TLM_READ_COMMAND}) {
      tlm::tlm_generic_payload& payload = bench.pool.take(command, 16, 8);
      std::memset(payload.get_data_ptr(), command == tlm::TLM_WRITE_COMMAND ? 1 : 2, 8);
      payload.set_byte_enable_ptr(enables);
      payload.set_byte_enable_length(3);
      bench.initiator.transport(payload);
      EXPECT_EQ(payload.get_response_status(), tlm::TLM_OK_RESPONSE);
      const std::array<std::uint8_t, 8> read = {1, 2, 2, 1, 2, 2, 1, 2};
      if (command == tlm::TLM_READ_COMMAND) {
        EXPECT_EQ(std::memcmp(payload.get_data_ptr(), read.data(), 8), 0);
      }
      payload.release();
    }
    std::array<std::uint8_t, 8> content{};
    bench.initiator.debug_read(16, content.data(), 8);
    EXPECT_EQ(content, (std::array<std::uint8_t, 8>{1, 0, 0, 1, 0, 0, 1, 0}));
  });
}

TEST_P(Memories, RefuseByteEnablesOfNoLength) {
  bench.run([&] {
    unsigned char enable = 0xFF;
    tlm::tlm_generic_payload& payload = bench.pool.take(tlm::TLM_READ_COMMAND, 0, 4);
    payload.set_byte_enable_ptr(&enable);
    payload.set_byte_enable_length(0);
    bench.initiator.transport(payload);
    EXPECT_EQ(payload.get_response_status(), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    payload.release();
  });
}

INSTANTIATE_TEST_SUITE_P(BothStyles, Memories, ::testing::ValuesIn(kBothStyles), style_name);

}  // namespace
}  // namespace cfc::testing
