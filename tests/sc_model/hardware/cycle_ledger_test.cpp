// CycleLedger, passing the edges by hand.

#include "sc_model/hardware/cycle_ledger.h"

#include <gtest/gtest.h>

namespace cfc::testing {
namespace {

const sc_core::sc_time kPeriod(10, sc_core::SC_NS);
void pass(int edges) { sc_core::sc_start(edges * kPeriod); }

enum Entry { kIdle, kRun };

TEST(CycleLedger, BooksEveryCycleButThoseUnderReset) {
  CycleLedger ledger({"idle", "run"});
  const auto idle = [] { return static_cast<int>(kIdle); };
  EXPECT_TRUE(ledger.read(kIdle).empty());
  pass(3);
  ledger.skip_cycle();
  pass(1);
  ledger.begin();
  EXPECT_EQ(ledger.period(), kPeriod);
  EXPECT_TRUE(ledger.read(kIdle).empty());

  pass(1);
  ledger.book(kRun, idle);
  EXPECT_EQ(ledger.skipped(), 0U);
  EXPECT_EQ(ledger.edge_before(), (4 * kPeriod).value());
  EXPECT_EQ(ledger.read(kIdle), (Ledger{{"run", 1}}));

  pass(4);  // the controller sleeps through three edges
  EXPECT_EQ(ledger.asleep(), 4U);
  EXPECT_EQ(ledger.read(kIdle), (Ledger{{"idle", 4}, {"run", 1}}));
  ledger.book(kRun, idle);
  EXPECT_EQ(ledger.skipped(), 3U);
  EXPECT_EQ(ledger.asleep(), 0U);
  EXPECT_EQ(ledger.edge_before(), (8 * kPeriod).value());
  EXPECT_EQ(ledger.read(kIdle), (Ledger{{"idle", 3}, {"run", 2}}));

  pass(1);
  ledger.skip_cycle();  // a reset: neither this cycle nor the next is booked
  pass(1);
  ledger.begin();
  EXPECT_EQ(ledger.skipped(), 0U);
  EXPECT_EQ(ledger.read(kIdle), (Ledger{{"idle", 3}, {"run", 2}}));
}

TEST(CycleLedger, CountsWholeCyclesOfSleepOnly) {
  CycleLedger ledger({"idle", "run"});
  ledger.skip_cycle();
  pass(1);
  ledger.begin();
  sc_core::sc_start(0.99 * kPeriod);
  EXPECT_EQ(ledger.asleep(), 0U);
  sc_core::sc_start(0.01 * kPeriod);
  EXPECT_EQ(ledger.asleep(), 1U);
}

TEST(CycleLedger, Kind2WidthASleepMayBeLongerThan32BitsCount) {
  constexpr std::uint64_t kLong = 5'000'000'000;
  CycleLedger ledger({"idle", "run"});
  ledger.skip_cycle();
  pass(1);
  ledger.begin();
  sc_core::sc_start(sc_core::sc_time::from_value(kLong * kPeriod.value()));
  ledger.book(kRun, [] { return static_cast<int>(kIdle); });
  EXPECT_EQ(ledger.skipped(), kLong - 1);
  EXPECT_EQ(ledger.read(kIdle), (Ledger{{"idle", kLong - 1}, {"run", 1}}));
}

}  // namespace
}  // namespace cfc::testing
