#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "configuration/configuration.h"
#include "golden/network.h"
#include "testbench/lockstep/lockstep_waveform.h"

namespace cfc {

/// The first place at which model and RTL differ.
struct LockstepDifference {
  std::uint64_t cycle{};  ///< from 0, in which the first beat is offered
  int layer{};            ///< from 1
  std::string signal;
  std::int32_t model{};
  std::int32_t rtl{};
};

/// What a lockstep run saw.
struct LockstepResult {
  std::uint64_t images{};
  std::uint64_t cycles{};
  std::uint64_t values_compared{};
  double rtl_seconds{};  ///< wall-clock time in the Verilated RTL alone
  std::optional<LockstepDifference> difference;
};

/// What to run in lockstep.
struct LockstepTask {
  const golden::Network& network;
  const Configuration& configuration;
  const golden::MatrixU8& images;
  std::optional<std::uint64_t> stall_seed;  ///< breaks every link off at random
  /// Is shown every cycle, and some more after a difference; may be null.
  LockstepWaveform* waveform{nullptr};
};

/// Drives the SystemC model and the Verilated RTL from one stimulus, and compares in every cycle
/// all controllers' states, all handshakes and their data, z, and the running sums; the images must
/// all come out. Stops at the first difference. Elaborates SystemC: once a process.
LockstepResult run_lockstep(const LockstepTask& task);

}  // namespace cfc
