#include "platform/dram/dram_parameters.h"

#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "support/error.h"
#include "support/whole_file.h"
#include "support/yaml_map.h"

namespace cfc {
namespace {

constexpr std::size_t kMaxFileMib = 1;

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

/// The keys of one file; a key that was not asked for by the end is unknown.
class Keys {
 public:
  Keys(const std::filesystem::path& file, const YAML::Node& root) : file_(file), root_(root) {
    if (!root.IsMap()) fail("is not a list of keys");
  }

  template <typename Value>
  Value get(const char* name) {
    const YAML::Node node = root_[name];
    if (!node) fail(fmt::format("lacks the key {}", name));
    known_.insert(name);
    try {
      return node.as<Value>();
    } catch (const YAML::Exception&) {
      fail(fmt::format("line {}: {} has a value of the wrong type", node.Mark().line + 1, name));
    }
  }

  void check_all_known() const {
    for (const YamlEntry& entry : entries_of(root_, file_.string())) {
      if (known_.count(entry.name) == 0) {
        fail(fmt::format("line {}: unknown key {}", entry.key.Mark().line + 1, entry.name));
      }
    }
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw InputError(fmt::format("{} {}", file_.string(), what));
  }

 private:
  const std::filesystem::path& file_;
  const YAML::Node& root_;
  std::set<std::string> known_;
};

bool is_power_of_two(int value) { return value > 0 && (value & (value - 1)) == 0; }

/// What an activity takes beyond standing by; less than nothing is no current of a device.
void check_currents(const DramParameters& dram, const Keys& keys) {
  for (const auto& [name, current] : {std::pair{"idd4r_ma", dram.idd4r_ma},
                                      {"idd4w_ma", dram.idd4w_ma},
                                      {"idd5_ma", dram.idd5_ma}}) {
    if (current < dram.idd3n_ma) keys.fail(fmt::format("key {}: must be at least idd3n_ma", name));
  }
  const double standby = dram.idd3n_ma * dram.ras + dram.idd2n_ma * (dram.rc - dram.ras);
  if (dram.idd0_ma * dram.rc < standby) {
    keys.fail(
        fmt::format("key idd0_ma: must be at least {:.1f}, the standby current of a row cycle "
                    "(idd3n_ma for ras, idd2n_ma for the rest of rc)",
                    standby / dram.rc));
  }
}

void check(const DramParameters& dram, const Keys& keys) {
  for (const IntegerKey& key : kIntegers) {
    if (dram.*key.member < 1 || dram.*key.member > 1 << 20) {
      keys.fail(fmt::format("key {}: must be 1 to {}", key.name, 1 << 20));
    }
  }
  for (const NumberKey& key : kNumbers) {
    if (!(dram.*key.member >= 0 && dram.*key.member <= 1e6)) {
      keys.fail(fmt::format("key {}: must be 0 to 1e6", key.name));
    }
  }
  if (dram.clock_period_ns < 0.01) keys.fail("key clock_period_ns: must be at least 0.01");
  for (const int size : {dram.width_bits, dram.burst_length, dram.columns}) {
    if (!is_power_of_two(size)) {
      keys.fail("keys width_bits, burst_length and columns: must be powers of two");
    }
  }
  if (dram.source.empty()) keys.fail("key source: must say where the values are from");
  if (dram.rc < dram.ras) keys.fail("key rc: must be at least ras");
  check_currents(dram, keys);
  if (dram.width_bits < 8) keys.fail("key width_bits: must be at least 8");
  if (dram.refi <= dram.rfc) keys.fail("key refi: must be more than rfc");
  if (dram.burst_length > dram.columns) keys.fail("key burst_length: must fit a row");
}

}  // namespace

DramParameters read_dram_parameters(const std::filesystem::path& file) {
  YAML::Node root;
  try {
    root = YAML::Load(read_whole_file(file, "give the parameters of a DRAM (YAML)", kMaxFileMib));
  } catch (const YAML::Exception& error) {
    throw InputError(fmt::format("{} is not YAML: {}", file.string(), error.what()));
  }
  Keys keys(file, root);
  DramParameters dram;
  for (const TextKey& key : kTexts) dram.*key.member = keys.get<std::string>(key.name);
  for (const NumberKey& key : kNumbers) dram.*key.member = keys.get<double>(key.name);
  for (const IntegerKey& key : kIntegers) dram.*key.member = keys.get<int>(key.name);
  keys.check_all_known();
  check(dram, keys);
  return dram;
}

}  // namespace cfc
