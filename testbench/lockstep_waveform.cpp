#include "testbench/lockstep_waveform.h"

#include <algorithm>
#include <bitset>
#include <fstream>

#include <fmt/format.h>

#include "golden/error.h"

namespace cfc {
namespace {

constexpr std::size_t kCycles = 40;

/// A VCD identifier: printable characters, shortest first.
std::string identifier(std::size_t number) {
  constexpr std::size_t kFirst = 33;
  constexpr std::size_t kCharacters = 94;
  std::string text;
  do {
    text += static_cast<char>(kFirst + number % kCharacters);
    number /= kCharacters;
  } while (number > 0);
  return text;
}

void declare(std::ofstream& out, const char* side, const std::vector<std::string>& signals,
             std::size_t first) {
  out << "$scope module " << side << " $end\n";
  for (std::size_t i = 0; i < signals.size(); ++i) {
    // Viewers take a bracket for a bit range.
    std::string name = signals[i];
    std::replace(name.begin(), name.end(), '[', '_');
    name.erase(std::remove(name.begin(), name.end(), ']'), name.end());
    std::replace(name.begin(), name.end(), '.', '_');
    out << "$var wire 32 " << identifier(first + i) << ' ' << name << " $end\n";
  }
  out << "$upscope $end\n";
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
  std::ofstream out(file_);
  out << "$comment cfcsim lockstep: one time unit is a clock cycle $end\n$timescale 1 ns $end\n";
  declare(out, "model", signals, 0);
  declare(out, "rtl", signals, signals.size());
  out << "$enddefinitions $end\n";
  const std::uint64_t first_cycle =
      last_cycle + 1 - std::min<std::uint64_t>(cycles_.size(), last_cycle + 1);
  for (std::size_t c = 0; c < cycles_.size(); ++c) {
    out << '#' << first_cycle + c << '\n';
    for (std::size_t i = 0; i < signals.size(); ++i) {
      const auto change = [&](std::uint32_t value, std::uint32_t before, std::size_t number) {
        if (c == 0 || value != before) {
          out << 'b' << std::bitset<32>(value) << ' ' << identifier(number) << '\n';
        }
      };
      const Cycle& now = cycles_[c];
      const Cycle& before = cycles_[c == 0 ? 0 : c - 1];
      change(static_cast<std::uint32_t>(now.model[i]), static_cast<std::uint32_t>(before.model[i]),
             i);
      change(now.rtl[i], before.rtl[i], signals.size() + i);
    }
  }
  out << '#' << first_cycle + cycles_.size() << '\n';
  if (!out) throw InputError(fmt::format("{}: cannot be written", file_.string()));
}

}  // namespace cfc
