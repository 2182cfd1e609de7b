#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

namespace cfc {

/// The last cycles of a lockstep run, both sides, for a look at a difference in a waveform viewer.
class LockstepWaveform {
 public:
  /// Before anything is recorded: the names of the values.
  void declare(std::vector<std::string> signals) { signals_ = std::move(signals); }

  /// What both sides show in a cycle; cycles follow one another.
  void record(std::uint64_t cycle, const std::vector<std::int32_t>& model,
              const std::vector<std::int32_t>& rtl);

  /// Writes a VCD with the scopes `model` and `rtl`. One time unit is a cycle, counted as `record`
  /// was told. Throws InputError if it cannot.
  void write(const std::filesystem::path& file) const;

 private:
  struct Cycle {
    std::uint64_t number;
    std::vector<std::int32_t> model;
    std::vector<std::int32_t> rtl;
  };

  std::vector<std::string> signals_;
  std::deque<Cycle> cycles_;
};

}  // namespace cfc
