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
  /// `file`: where `write` draws; empty: nowhere, and nothing is kept.
  explicit LockstepWaveform(std::filesystem::path file) : file_(std::move(file)) {}

  void record(const std::vector<std::int32_t>& model, const std::vector<std::uint32_t>& rtl);

  /// Writes a VCD with the scopes `model` and `rtl`; its last cycle is number `last_cycle`. One
  /// time unit is a cycle. Throws InputError if it cannot.
  void write(const std::vector<std::string>& signals, std::uint64_t last_cycle) const;

 private:
  struct Cycle {
    std::vector<std::int32_t> model;
    std::vector<std::uint32_t> rtl;
  };

  std::filesystem::path file_;
  std::deque<Cycle> cycles_;
};

}  // namespace cfc
