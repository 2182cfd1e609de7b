#include "testbench/lockstep_waveform.h"

#include <algorithm>

#include "testbench/vcd_file.h"

namespace cfc {
namespace {

constexpr std::size_t kCycles = 40;

std::vector<WaveSignal> wave_signals(const char* side, const std::vector<std::string>& signals) {
  std::vector<WaveSignal> wave;
  for (std::string name : signals) {
    // Viewers take a bracket for a bit range.
    std::replace(name.begin(), name.end(), '[', '_');
    name.erase(std::remove(name.begin(), name.end(), ']'), name.end());
    std::replace(name.begin(), name.end(), '.', '_');
    wave.push_back({std::string(side) + '.' + name, 32});
  }
  return wave;
}

}  // namespace

void LockstepWaveform::record(const std::vector<std::int32_t>& model,
                              const std::vector<std::uint32_t>& rtl) {
  if (file_.empty()) return;
  if (cycles_.size() == kCycles) cycles_.pop_front();
  cycles_.push_back({model, rtl});
}

void LockstepWaveform::write(const std::vector<std::string>& signals,
                             std::uint64_t last_cycle) const {
  if (file_.empty()) return;
  VcdFile vcd(file_, "cfcsim lockstep: one time unit is a clock cycle", "1 ns");
  std::vector<WaveSignal> wave = wave_signals("model", signals);
  const std::vector<WaveSignal> rtl = wave_signals("rtl", signals);
  wave.insert(wave.end(), rtl.begin(), rtl.end());
  vcd.declare(wave);
  const std::uint64_t first_cycle =
      last_cycle + 1 - std::min<std::uint64_t>(cycles_.size(), last_cycle + 1);
  for (std::size_t c = 0; c < cycles_.size(); ++c) {
    vcd.begin_time(first_cycle + c);
    for (std::size_t i = 0; i < signals.size(); ++i) {
      vcd.set(i, cycles_[c].model[i]);
      vcd.set(signals.size() + i, static_cast<std::int32_t>(cycles_[c].rtl[i]));
    }
  }
  vcd.finish(first_cycle + cycles_.size());
}

}  // namespace cfc
