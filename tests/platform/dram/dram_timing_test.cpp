// Every DRAM constraint by hand: the response comes exactly then, not a clock earlier or later.

#include "platform/dram/dram_timing.h"

#include <algorithm>
#include <optional>
#include <regex>

#include <gtest/gtest.h>

#include "tests/helpers/random_networks.h"
#include "tests/helpers/temporary_folder.h"

namespace cfc::testing {
namespace {

using sc_core::sc_time;

/// Easy numbers; a clock is 1 ns, a burst 16 bytes in 4 clocks, a row 256 bytes.
DramParameters easy() {
  DramParameters dram;
  dram.name = "easy";
  dram.source = "made up";
  dram.clock_period_ns = 1;
  dram.width_bits = 16;
  dram.devices = 1;
  dram.burst_length = 8;
  dram.banks = 4;
  dram.rows = 16;
  dram.columns = 128;
  dram.cl = 10;
  dram.cwl = 8;
  dram.rcd = 11;
  dram.rp = 12;
  dram.ras = 30;
  dram.rc = 42;
  dram.rrd = 6;
  dram.faw = 40;
  dram.ccd = 4;
  dram.rtp = 7;
  dram.wr = 15;
  dram.wtr = 9;
  dram.refi = 5000;
  dram.rfc = 100;
  dram.vdd_v = 1.5;
  dram.idd0_ma = 100;
  dram.idd2n_ma = 40;
  dram.idd3n_ma = 50;
  dram.idd4r_ma = 200;
  dram.idd4w_ma = 220;
  dram.idd5_ma = 210;
  return dram;
}

class Dram : public ::testing::Test {
 protected:
  double read(double arrival_ns, std::uint64_t address, std::uint32_t bytes = 16) {
    return go(arrival_ns, {address, bytes, false});
  }
  double write(double arrival_ns, std::uint64_t address, std::uint32_t bytes = 16) {
    return go(arrival_ns, {address, bytes, true});
  }
  double go(double arrival_ns, const MemoryAccess& access) {
    return timing.schedule(sc_time(arrival_ns, sc_core::SC_NS), access).to_seconds() * 1e9;
  }
  DramTiming timing{easy()};
  static constexpr std::uint64_t kRow = 256;        ///< the next bank
  static constexpr std::uint64_t kSameBank = 1024;  ///< the next row of the same bank
};

TEST_F(Dram, MissActivatesThenReads) { EXPECT_DOUBLE_EQ(read(100, 0), 100 + 11 + 10 + 4); }

TEST_F(Dram, HitReadsAtOnce) {
  read(100, 0);
  EXPECT_DOUBLE_EQ(read(200, 16), 200 + 10 + 4);
}

TEST_F(Dram, HitsFollowEachOtherOnTheBus) {
  EXPECT_DOUBLE_EQ(read(100, 0, 64), 100 + 11 + 10 + 4 * 4);
}

TEST_F(Dram, ConflictPrechargesFirst) {
  read(100, 0);
  EXPECT_DOUBLE_EQ(read(200, kSameBank), 200 + 12 + 11 + 10 + 4);
}

TEST_F(Dram, ConflictWaitsForRas) {
  read(100, 0);
  // ACTIVATE at 100, so PRECHARGE at 130 and ACTIVATE at 142 (rc as well).
  EXPECT_DOUBLE_EQ(read(101, kSameBank), 142 + 11 + 10 + 4);
}

TEST_F(Dram, ConflictWaitsForWrittenData) {
  write(100, 0);
  // WRITE at 111, data to 123, PRECHARGE at 138.
  EXPECT_DOUBLE_EQ(read(124, kSameBank), 138 + 12 + 11 + 10 + 4);
}

TEST_F(Dram, ActivatesOfOtherBanksKeepRrd) {
  read(100, 0);
  EXPECT_DOUBLE_EQ(read(100, kRow), 106 + 11 + 10 + 4);
}

TEST_F(Dram, FiveActivatesKeepFaw) {
  read(100, 0);
  read(100, kRow);
  read(100, 2 * kRow);
  read(100, 3 * kRow);
  // The fifth is a conflict of bank 0: PRECHARGE at 130, rc 142, and the window ends at 140.
  EXPECT_DOUBLE_EQ(read(100, kSameBank), 142 + 11 + 10 + 4);
}

TEST_F(Dram, FawAloneHoldsTheFifthActivateBack) {
  DramParameters dram = easy();
  dram.banks = 8;
  DramTiming eight(dram);
  for (std::uint64_t bank = 0; bank < 4; ++bank) {
    eight.schedule(sc_time(100, sc_core::SC_NS), {bank * kRow, 16, false});
  }
  EXPECT_EQ(eight.schedule(sc_time(100, sc_core::SC_NS), {4 * kRow, 16, false}),
            sc_time(140 + 11 + 10 + 4, sc_core::SC_NS));
}

TEST_F(Dram, ReadAfterWriteTurnsTheBus) {
  EXPECT_DOUBLE_EQ(write(100, 0), 111 + 8 + 4);
  EXPECT_DOUBLE_EQ(read(112, 16), 123 + 9 + 10 + 4);
}

TEST_F(Dram, WriteAfterReadTurnsTheBus) {
  EXPECT_DOUBLE_EQ(read(100, 0), 125);
  EXPECT_DOUBLE_EQ(write(112, 16), 125 + 2 + 4);  // data two clocks behind the read data
}

TEST_F(Dram, RefreshClosesTheBanks) {
  read(100, 0);
  // PRECHARGE at 5000, REFRESH 12 later.
  EXPECT_DOUBLE_EQ(read(5010, 16), 5012 + 100 + 11 + 10 + 4);
}

TEST_F(Dram, Kind13TimeRefreshesBelongToTheTimeInWhichTheyAreDue) {
  const auto up_to = [this](double now_ns) {
    return timing.statistics(sc_time(now_ns, sc_core::SC_NS)).at("refreshes");
  };
  EXPECT_EQ(up_to(4999), 0);
  EXPECT_EQ(up_to(5000), 1);
  EXPECT_EQ(up_to(500'000), 100);  // no access has come yet
  read(700'000, 0);                // and makes those before it
  EXPECT_EQ(up_to(500'000), 100);
  EXPECT_EQ(up_to(700'000), 140);
}

TEST_F(Dram, RefreshTakesRfc) { EXPECT_DOUBLE_EQ(read(5010, 0), 5100 + 11 + 10 + 4); }

TEST_F(Dram, NoAccessBeforeItsRefresh) { EXPECT_DOUBLE_EQ(read(4999, 0), 4999 + 11 + 10 + 4); }

/// One bank, and every refresh by itself. For reads that are far enough apart to have the data bus
/// and the activates to themselves.
class OneByOne {
 public:
  explicit OneByOne(const DramParameters& dram) : dram_(dram), next_(dram.refi) {}

  std::int64_t read(std::int64_t now, std::uint64_t row) {
    for (std::int64_t due = now; next_ <= due; next_ += dram_.refi) {
      const std::int64_t closed =
          open_ ? std::max(next_, precharge_from_) + dram_.rp : activate_from_;
      open_.reset();
      activate_from_ = std::max(next_, closed) + dram_.rfc;
      due = std::max(due, activate_from_);
    }
    std::int64_t command = std::max(now, column_from_);
    if (open_ != row) {
      const std::int64_t closed = open_ ? std::max(now, precharge_from_) + dram_.rp : now;
      const std::int64_t activate = std::max(closed, activate_from_);
      open_ = row;
      activate_from_ = activate + dram_.rc;
      precharge_from_ = activate + dram_.ras;
      command = column_from_ = activate + dram_.rcd;
    }
    precharge_from_ = std::max(precharge_from_, command + dram_.rtp);
    return command + dram_.cl + dram_.burst_length / 2;
  }

 private:
  const DramParameters dram_;
  std::int64_t next_;
  std::optional<std::uint64_t> open_;
  std::int64_t activate_from_{0};
  std::int64_t column_from_{0};
  std::int64_t precharge_from_{0};
};

TEST(DramRefresh, LongPausesAreAsIfEveryRefreshWereMade) {
  const std::uint64_t seed = test_seed();
  Generator generator(seed);
  for (int run = 0; run < 50; ++run) {
    DramParameters dram = easy();
    dram.banks = 1;
    dram.rfc = uniform(generator, 20, 300);
    dram.refi = dram.rfc + uniform(generator, 1, 300);  // the first may run into the second
    DramTiming timing(dram);
    OneByOne reference(dram);
    std::int64_t now = 0;
    for (int access = 0; access < 100; ++access) {
      now += uniform(generator, 60, uniform(generator, 0, 1) == 0 ? 200 : 100'000);
      const int row = uniform(generator, 0, 3);
      const auto end =
          timing.schedule(sc_time(static_cast<double>(now), sc_core::SC_NS),
                          {static_cast<std::uint64_t>(row) * dram.row_bytes(), 16, false});
      const std::int64_t expected = reference.read(now, static_cast<std::uint64_t>(row));
      ASSERT_EQ(end, sc_time(static_cast<double>(expected), sc_core::SC_NS))
          << "seed " << seed << ", run " << run << ", access " << access << " at " << now;
      now = std::max(now, expected);
    }
  }
}

TEST_F(Dram, LongStreamsReachTheBusRateAndPassTheRefreshes) {
  // 64 KiB in order: 4096 bursts of 4 clocks, rows opened behind one another, three refreshes.
  double end = 0;
  DramParameters dram = easy();
  dram.rows = 256;
  DramTiming large(dram);
  for (std::uint64_t address = 0; address < 65536; address += 64) {
    end = large.schedule(sc_core::SC_ZERO_TIME, {address, 64, false}).to_seconds() * 1e9;
  }
  EXPECT_GE(end, 4096 * 4);
  EXPECT_LE(end, 4096 * 4 + 3 * (100 + 50) + 100);
  EXPECT_EQ(large.statistics(sc_time(end, sc_core::SC_NS)).at("refreshes"), 3);
}

TEST_F(Dram, EnergyByHand) {
  read(100, 0, 32);
  write(300, 0);
  const auto statistics = timing.statistics(sc_time(400, sc_core::SC_NS));
  EXPECT_DOUBLE_EQ(statistics.at("activate_pj"), (100 * 42 - 50 * 30 - 40 * 12) * 1.5);
  EXPECT_DOUBLE_EQ(statistics.at("read_pj"), 2 * (200 - 50) * 4 * 1.5);
  EXPECT_DOUBLE_EQ(statistics.at("write_pj"), (220 - 50) * 4 * 1.5);
  EXPECT_EQ(statistics.at("row_hits"), 2);
  EXPECT_EQ(statistics.at("row_misses"), 1);
}

TEST(DramParameters, ShippedFilesAreRead) {
  for (const char* name : {"ddr3_1600_x16", "ddr3_1600_x64"}) {
    const DramParameters dram = read_dram_parameters(std::string(CFCSIM_SOURCE_DIR) +
                                                     "/testbench/platforms/" + name + ".yaml");
    EXPECT_FALSE(dram.source.empty());
    EXPECT_EQ(dram.size(), std::uint64_t{1} << (dram.width_bits == 16 ? 28 : 30));
  }
}

TEST(DramParameters, BadFilesAreNamed) {
  const TemporaryFolder folder;
  const std::string good =
      read_file(std::string(CFCSIM_SOURCE_DIR) + "/testbench/platforms/ddr3_1600_x16.yaml");
  const auto message = [&](const std::string& text) {
    write_file(folder / "dram.yaml", text);
    return input_error([&] { read_dram_parameters(folder / "dram.yaml"); });
  };
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  EXPECT_NE(message(good + "speed: 1\n").find("unknown key `speed`"), std::string::npos);
  EXPECT_NE(message(good + "name: other\n").find("name: is given twice"), std::string::npos);
  EXPECT_NE(message(replaced("\ncl: 10", "")).find("key `cl`: is missing"), std::string::npos);
  EXPECT_NE(message(replaced("cl: 10", "cl: fast")).find("key `cl`: 'fast' is not a whole number"),
            std::string::npos);
  EXPECT_NE(message(replaced("cl: 10", "cl: 0")).find("key `cl`: '0' is not a whole number from 1"),
            std::string::npos);
  EXPECT_NE(message(replaced("width_bits: 16", "width_bits: 24"))
                .find("dram.yaml:9: key `width_bits`: must be a power of two"),
            std::string::npos);
  EXPECT_NE(message(replaced("clock_period_ns: 1.25", "clock_period_ns: .nan"))
                .find("key `clock_period_ns`: '.nan' is not a decimal number"),
            std::string::npos);
  EXPECT_NE(message(replaced("idd0_ma: 110", "idd0_ma: 1"))
                .find("key `idd0_ma`: must be at least 44.2, the standby current"),
            std::string::npos);
  EXPECT_NE(message(replaced("idd4r_ma: 270", "idd4r_ma: 44")).find("key `idd4r_ma`: must be"),
            std::string::npos);
  EXPECT_NE(message(replaced("\nrc: 38", "\nrc: 27")).find("key `rc`: must be at least ras"),
            std::string::npos);
  EXPECT_NE(message(std::regex_replace(good, std::regex("source: >-(\n  .*)+"), "source: ''"))
                .find("key `source`: is empty"),
            std::string::npos);
  // Kind 13, time: DDR4-2133's clock is no whole number of picoseconds.
  EXPECT_NE(message(replaced("clock_period_ns: 1.25", "clock_period_ns: 0.9375"))
                .find("key `clock_period_ns`: must be 0.01 to 1000, in whole picoseconds"),
            std::string::npos);
  // Kind 20, overflow: this comes to 2^77 bytes and more.
  EXPECT_NE(message(std::regex_replace(good, std::regex("\n(banks|rows|columns): [0-9]+"),
                                       "\n$1: 1048576"))
                .find("bytes; 1 TiB is the most"),
            std::string::npos);
  EXPECT_NE(message(replaced("clock_period_ns: 1.25", "clock_period_ns: 1000000"))
                .find("must be 0.01 to 1000"),
            std::string::npos);
  EXPECT_NE(message(replaced("\ncl: 10", "\ncl: 010")).find("'010' is not a whole number"),
            std::string::npos);
  EXPECT_NE(message(good + "---\ncl: 11\n").find("a second document"), std::string::npos);
  EXPECT_NE(message("- 1\n").find("should be a map of keys"), std::string::npos);
  EXPECT_NE(message("a: [\n").find("is not YAML"), std::string::npos);
  EXPECT_NE(
      input_error([&] { read_dram_parameters(folder / "none.yaml"); }).find("cannot be opened"),
      std::string::npos);
}

}  // namespace
}  // namespace cfc::testing
