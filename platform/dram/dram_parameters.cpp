#include "platform/dram/dram_parameters.h"

#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "support/yaml_file.h"

namespace cfc {
namespace {

constexpr int kMostOfSize = 1 << 20;
/// Memory clocks. With the longest clock, no command waits longer than some 70 ms, and a refresh
/// comes at least every 1.1 s, so that no run of the simulation comes near the end of its time.
constexpr int kMostClocks = 1 << 16;

struct IntegerKey {
  const char* name;
  int DramParameters::*member;
  int most;
};
struct NumberKey {
  const char* name;
  double DramParameters::*member;
};
struct TextKey {
  const char* name;
  std::string DramParameters::*member;
};

const std::vector<IntegerKey> kIntegers = {
    {"width_bits", &DramParameters::width_bits, 1024},
    {"devices", &DramParameters::devices, 1024},
    {"burst_length", &DramParameters::burst_length, 1024},
    {"banks", &DramParameters::banks, kMostOfSize},
    {"rows", &DramParameters::rows, kMostOfSize},
    {"columns", &DramParameters::columns, kMostOfSize},
    {"cl", &DramParameters::cl, kMostClocks},
    {"cwl", &DramParameters::cwl, kMostClocks},
    {"rcd", &DramParameters::rcd, kMostClocks},
    {"rp", &DramParameters::rp, kMostClocks},
    {"ras", &DramParameters::ras, kMostClocks},
    {"rc", &DramParameters::rc, kMostClocks},
    {"rrd", &DramParameters::rrd, kMostClocks},
    {"faw", &DramParameters::faw, kMostClocks},
    {"ccd", &DramParameters::ccd, kMostClocks},
    {"rtp", &DramParameters::rtp, kMostClocks},
    {"wr", &DramParameters::wr, kMostClocks},
    {"wtr", &DramParameters::wtr, kMostClocks},
    {"refi", &DramParameters::refi, 1 << 20},
    {"rfc", &DramParameters::rfc, kMostClocks},
};
const std::vector<NumberKey> kNumbers = {
    {"clock_period_ns", &DramParameters::clock_period_ns},
    {"controller_latency_ns", &DramParameters::controller_latency_ns},
    {"vdd_v", &DramParameters::vdd_v},
    {"idd0_ma", &DramParameters::idd0_ma},
    {"idd2n_ma", &DramParameters::idd2n_ma},
    {"idd3n_ma", &DramParameters::idd3n_ma},
    {"idd4r_ma", &DramParameters::idd4r_ma},
    {"idd4w_ma", &DramParameters::idd4w_ma},
    {"idd5_ma", &DramParameters::idd5_ma},
};
const std::vector<TextKey> kTexts = {
    {"name", &DramParameters::name},
    {"source", &DramParameters::source},
};

bool is_power_of_two(int value) { return value > 0 && (value & (value - 1)) == 0; }

/// What an activity takes beyond standing by; less than nothing is no current of a device.
void check_currents(const DramParameters& dram, const YamlFields& fields) {
  for (const auto& [name, current] : {std::pair{"idd4r_ma", dram.idd4r_ma},
                                      {"idd4w_ma", dram.idd4w_ma},
                                      {"idd5_ma", dram.idd5_ma}}) {
    if (current < dram.idd3n_ma) fields.fail(name, "must be at least idd3n_ma");
  }
  const double standby = dram.idd3n_ma * dram.ras + dram.idd2n_ma * (dram.rc - dram.ras);
  if (dram.idd0_ma * dram.rc < standby) {
    fields.fail("idd0_ma",
                fmt::format("must be at least {:.1f}, the standby current of a row cycle "
                            "(idd3n_ma for ras, idd2n_ma for the rest of rc)",
                            standby / dram.rc));
  }
}

/// Simulated and accounted times are the same only where SystemC's picoseconds hold the clock.
void check_clock(const DramParameters& dram, const YamlFields& fields) {
  constexpr double kShortestNs = 0.01;
  constexpr double kLongestNs = 1000;
  const double picoseconds = dram.clock_period_ns * 1000;
  constexpr double kRounding = 1e-6;
  const bool is_whole = std::abs(picoseconds - std::round(picoseconds)) < kRounding;
  if (is_whole && dram.clock_period_ns >= kShortestNs && dram.clock_period_ns <= kLongestNs) return;
  fields.fail("clock_period_ns",
              fmt::format("must be {} to {}, in whole picoseconds", kShortestNs, kLongestNs));
}

void check_size(const DramParameters& dram, const YamlFields& fields) {
  constexpr double kMostBytes = 1ULL << 40;
  const double bytes = 1.0 * dram.width_bits / 8 * dram.columns * dram.rows * dram.banks;
  if (bytes <= kMostBytes) return;
  fields.fail("rows",
              fmt::format("with banks, columns and width_bits comes to {:g} bytes; 1 TiB is "
                          "the most there can be",
                          bytes));
}

void check(const DramParameters& dram, const YamlFields& fields) {
  check_clock(dram, fields);
  check_size(dram, fields);
  for (const auto& [name, size] : {std::pair{"width_bits", dram.width_bits},
                                   {"burst_length", dram.burst_length},
                                   {"columns", dram.columns}}) {
    if (!is_power_of_two(size)) fields.fail(name, "must be a power of two");
  }
  if (dram.rc < dram.ras) fields.fail("rc", "must be at least ras");
  check_currents(dram, fields);
  if (dram.width_bits < 8) fields.fail("width_bits", "must be at least 8");
  if (dram.refi <= dram.rfc) fields.fail("refi", "must be more than rfc");
  if (dram.burst_length > dram.columns) fields.fail("burst_length", "must fit a row");
}

}  // namespace

DramParameters read_dram_parameters(const std::filesystem::path& file) {
  YamlFields fields(read_yaml(file, "give the parameters of a DRAM (YAML)"), file.string());
  DramParameters dram;
  for (const TextKey& key : kTexts) dram.*key.member = fields.text(key.name);
  for (const NumberKey& key : kNumbers) dram.*key.member = fields.real(key.name, 0, 1e6);
  for (const IntegerKey& key : kIntegers) {
    dram.*key.member = fields.integer(key.name, 1, key.most);
  }
  fields.expect_no_other();
  check(dram, fields);
  return dram;
}

}  // namespace cfc
