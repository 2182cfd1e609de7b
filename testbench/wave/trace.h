#pragma once

#include <cstdint>
#include <filesystem>

#include "configuration/configuration.h"
#include "golden/network.h"
#include "testbench/wave/trace_signals.h"
#include "testbench/wave/trace_window.h"

namespace cfc {

/// What to trace.
struct TraceTask {
  const golden::Network& network;
  const Configuration& configuration;
  const golden::MatrixU8& images;
  TraceWindow window;
  TraceFilter filter;
};

/// What a trace came to.
struct TraceResult {
  std::uint64_t first_cycle{};
  std::uint64_t last_cycle{};
  std::uint64_t changes{};
  std::vector<LayerSignal> signals;
  bool ran_to_its_end{};       ///< else it was left behind the window
  std::uint64_t run_cycles{};  ///< simulated, up to the window's end
};

/// Simulates, and writes what the SystemC model does in the window to a VCD: the scope `bench`
/// (clock, cycle number) and the scope `model`. Elaborates SystemC: once a process. Throws
/// InputError where window, scopes or file are no good.
TraceResult trace_model(const TraceTask& task, const std::filesystem::path& vcd);

/// The same with a scope `rtl`: what the Verilated RTL does under the same stimulus. A datum floats
/// in both where it means nothing to the model.
TraceResult trace_model_and_rtl(const TraceTask& task, const std::filesystem::path& vcd);

}  // namespace cfc
