#include "testbench/lockstep/lockstep_waveform.h"

#include <algorithm>

#include "testbench/wave/vcd_file.h"

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

void LockstepWaveform::record(std::uint64_t cycle, const std::vector<std::int32_t>& model,
                              const std::vector<std::int32_t>& rtl) {
  if (cycles_.size() == kCycles) cycles_.pop_front();
  cycles_.push_back({cycle, model, rtl});
}

void LockstepWaveform::write(const std::filesystem::path& file) const {
  VcdFile vcd(file, "cfcsim lockstep: one time unit is a clock cycle", "1 ns");
  std::vector<WaveSignal> wave = wave_signals("model", signals_);
  const std::vector<WaveSignal> rtl = wave_signals("rtl", signals_);
  wave.insert(wave.end(), rtl.begin(), rtl.end());
  vcd.declare(wave);
  for (const Cycle& cycle : cycles_) {
    vcd.begin_time(cycle.number);
    for (std::size_t i = 0; i < signals_.size(); ++i) {
      vcd.set(i, cycle.model[i]);
      vcd.set(signals_.size() + i, cycle.rtl[i]);
    }
  }
  vcd.finish(cycles_.empty() ? 0 : cycles_.back().number + 1);
}

}  // namespace cfc
