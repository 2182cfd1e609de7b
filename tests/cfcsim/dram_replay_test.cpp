// The weights of 192 images as `cfcsim export accesses` writes them, replayed by our DRAM as fast
// as it takes them. The figures are those that DRAMSys 5.5 and Ramulator 2.1 were held against
// (docs/how-to/platform.md); a change of any of them is a change of the comparison.

#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "platform/dram/dram_timing.h"
#include "tests/helpers/command.h"
#include "tests/helpers/temporary_folder.h"

namespace {

using cfc::DramParameters;
using cfc::testing::TemporaryFolder;

std::vector<std::uint64_t> bursts_of_images(int images) {
  const TemporaryFolder folder;
  const std::string file = folder / "trace";
  cfc::testing::json_of(cfc::testing::run_command(
      {CFCSIM_BINARY, "export", "accesses", "--format", "ramulator", "--data", CFCSIM_TEST_DATA,
       "--images", std::to_string(images), "-o", file, "--json", "-"}));
  std::istringstream in(cfc::testing::read_file(file));
  std::vector<std::uint64_t> addresses;
  for (std::string load, address; in >> load >> address;) {
    addresses.push_back(std::stoull(address, nullptr, 16));
  }
  return addresses;
}

struct Replay {
  double nanoseconds;
  double activates;
  double refreshes;
};

Replay replay(const std::vector<std::uint64_t>& addresses, const DramParameters& dram) {
  constexpr unsigned kBurstBytes = 64;
  cfc::DramTiming timing(dram);
  sc_core::sc_time last;
  for (const std::uint64_t address : addresses) {
    last = timing.schedule(sc_core::SC_ZERO_TIME, {address, kBurstBytes, false});
  }
  const auto statistics = timing.statistics(last);
  return {last.to_seconds() * 1e9, statistics.at("row_misses") + statistics.at("row_conflicts"),
          statistics.at("refreshes")};
}

DramParameters dram(const std::string& name) {
  return cfc::read_dram_parameters(CFCSIM_SOURCE_DIR "/testbench/platforms/" + name + ".yaml");
}

}  // namespace

namespace cfc::testing {
namespace {

TEST(DramReplay, TakesTheWeightsOf192ImagesInTheTimeThatOthersWereHeldAgainst) {
  const auto addresses = bursts_of_images(192);
  ASSERT_EQ(addresses.size(), 93'504U);
  const Replay x16 = replay(addresses, dram("ddr3_1600_x16"));
  EXPECT_DOUBLE_EQ(x16.nanoseconds, 1'959'927.5);
  EXPECT_EQ(x16.activates, 6166);
  EXPECT_EQ(x16.refreshes, 251);
  const Replay x64 = replay(addresses, dram("ddr3_1600_x64"));
  EXPECT_DOUBLE_EQ(x64.nanoseconds, 479'042.5);
  EXPECT_EQ(x64.activates, 248);
  EXPECT_EQ(x64.refreshes, 61);
}

TEST(DramReplay, OneOtherTimeOfTheDramIsNoticed) {
  const auto addresses = bursts_of_images(4);
  const DramParameters right = dram("ddr3_1600_x16");
  const double wanted = replay(addresses, right).nanoseconds;
  for (int DramParameters::*key : {&DramParameters::cl, &DramParameters::rcd, &DramParameters::rp,
                                   &DramParameters::ccd, &DramParameters::rfc}) {
    DramParameters wrong = right;
    ++(wrong.*key);
    EXPECT_NE(replay(addresses, wrong).nanoseconds, wanted);
  }
}

}  // namespace
}  // namespace cfc::testing
