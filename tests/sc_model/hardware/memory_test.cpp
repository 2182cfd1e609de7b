// Memory and OutputMemory: what they hold, and every access in its cycle.

#include "sc_model/hardware/memory.h"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "sc_model/layer/output_memory.h"
#include "sc_model/layer/sequential/z_memory.h"

namespace cfc::testing {
namespace {

const sc_core::sc_time kCycle(10, sc_core::SC_NS);

struct Listener : tlm::tlm_analysis_if<AccessEvent> {
  void write(const AccessEvent& event) override { events.push_back(event); }
  std::vector<AccessEvent> events;
};

TEST(Memory, HandsOutWordsAndCountsEachOfThem) {
  PeakMeter layer;
  Memory<std::int8_t> memory("v", std::vector<std::int8_t>{1, 2, 3, 4, 5}, 6, layer);
  const std::int8_t* word = memory.read(1, 3);
  EXPECT_EQ(std::vector<int>(word, word + 3), (std::vector<int>{2, 3, 4}));
  EXPECT_EQ(memory.reads(), (AccessCounters{1, 3, 18}));
  EXPECT_EQ(memory.writes(), AccessCounters{});
  *memory.write(4, 1) = 9;
  EXPECT_EQ(*memory.read(4, 1), 9);
  EXPECT_EQ(memory.reads(), (AccessCounters{2, 4, 24}));
  EXPECT_EQ(memory.writes(), (AccessCounters{1, 1, 6}));
}

TEST(Memory, WhatIsLoadedFromOutsideIsNoAccess) {
  PeakMeter layer;
  Memory<std::int8_t> memory("u", 3, 8, layer);
  memory.load({7, 8, 9});
  EXPECT_EQ(memory.writes(), AccessCounters{});
  EXPECT_EQ(layer.peak_bits_per_cycle(), 0U);
  EXPECT_EQ(memory.read(0, 3)[2], 9);
}

TEST(Memory, BooksEachAccessToItsCycle) {
  PeakMeter layer;
  Memory<std::uint8_t> input("input", 8, 8, layer);
  Memory<std::int8_t> u("u", 8, 4, layer);
  Listener listener;
  input.on_access(listener);
  sc_core::sc_start(kCycle);
  const std::uint64_t before = sc_core::sc_time_stamp().value();
  u.read(0, 8);
  EXPECT_EQ(layer.peak_bits_per_cycle(), 32U);
  sc_core::sc_start(kCycle);
  const std::uint64_t now = sc_core::sc_time_stamp().value();
  input.read(0, 4);
  EXPECT_EQ(layer.peak_bits_per_cycle(), 32U);  // two cycles of 32
  input.write(4, 2, before);                    // of the cycle that ends now
  EXPECT_EQ(input.peak_bits_per_cycle(), 32U);
  EXPECT_EQ(layer.peak_bits_per_cycle(), 48U);
  ASSERT_EQ(listener.events.size(), 2U);
  EXPECT_STREQ(listener.events[0].memory, "input");
  EXPECT_EQ(listener.events[0].kind, AccessKind::read);
  EXPECT_EQ(listener.events[0].time, now);
  EXPECT_EQ(listener.events[1].kind, AccessKind::write);
  EXPECT_EQ(listener.events[1].first, 4U);
  EXPECT_EQ(listener.events[1].count, 2U);
  EXPECT_EQ(listener.events[1].bits, 16U);
  EXPECT_EQ(listener.events[1].time, before);
}

TEST(OutputMemory, HoldsActivationsAsBytes) {
  PeakMeter layer;
  OutputMemory memory("output", 4, OutputMemory::kActivationBits, layer);
  const std::vector<std::int32_t> values{0, 128, 255};
  memory.write(1, 3, values.data());
  const Beat beat = memory.read(2, 2);
  EXPECT_EQ(beat.count, 2);
  EXPECT_EQ(beat[0], 128);
  EXPECT_EQ(beat[1], 255);
  EXPECT_EQ(memory.writes(), (AccessCounters{1, 3, 24}));
  EXPECT_EQ(memory.reads(), (AccessCounters{1, 2, 16}));
  EXPECT_EQ(memory.element_bits(), 8);
}

TEST(OutputMemory, HoldsLogitsAsWords) {
  PeakMeter layer;
  OutputMemory memory("output", 2, OutputMemory::kLogitBits, layer);
  const std::vector<std::int32_t> values{INT32_MIN, INT32_MAX};
  memory.write(0, 2, values.data());
  const Beat beat = memory.read(0, 2);
  EXPECT_EQ(beat[0], INT32_MIN);
  EXPECT_EQ(beat[1], INT32_MAX);
  EXPECT_EQ(memory.writes(), (AccessCounters{1, 2, 64}));
  EXPECT_EQ(memory.element_bits(), 32);
}

TEST(ZMemory, IsWrittenByElementAndReadByTile) {
  PeakMeter layer;
  ZMemory z("z", 3, 12, layer);
  for (const int k : {0, 1, 2}) z.take(k, 100 * k - 100);
  const std::int32_t* tile = z.read_nodes(1, 2);
  EXPECT_EQ(tile[0], 0);
  EXPECT_EQ(tile[1], 100);
  EXPECT_EQ(z.writes(), (AccessCounters{3, 3, 36}));
  EXPECT_EQ(z.reads(), (AccessCounters{1, 2, 24}));
}

}  // namespace
}  // namespace cfc::testing
