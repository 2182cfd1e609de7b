#include "platform/dram/dram_parameters.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "support/yaml_file.h"

namespace cfc {
namespace {

struct IntegerKey {
  const char* name;
  int DramParameters::*member;
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
    {"width_bits", &DramParameters::width_bits},
    {"devices", &DramParameters::devices},
    {"burst_length", &DramParameters::burst_length},
    {"banks", &DramParameters::banks},
    {"rows", &DramParameters::rows},
    {"columns", &DramParameters::columns},
    {"cl", &DramParameters::cl},
    {"cwl", &DramParameters::cwl},
    {"rcd", &DramParameters::rcd},
    {"rp", &DramParameters::rp},
    {"ras", &DramParameters::ras},
    {"rc", &DramParameters::rc},
    {"rrd", &DramParameters::rrd},
    {"faw", &DramParameters::faw},
    {"ccd", &DramParameters::ccd},
    {"rtp", &DramParameters::rtp},
    {"wr", &DramParameters::wr},
    {"wtr", &DramParameters::wtr},
    {"refi", &DramParameters::refi},
    {"rfc", &DramParameters::rfc},
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

void check(const DramParameters& dram, const YamlFields& fields) {
  if (dram.clock_period_ns < 0.01) fields.fail("clock_period_ns", "must be at least 0.01");
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
    dram.*key.member = fields.integer(key.name, 1, 1 << 20);
  }
  fields.expect_no_other();
  check(dram, fields);
  return dram;
}

}  // namespace cfc
