#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "golden/network.h"
#include "sc_model/accelerator.h"
#include "testbench/wave/vcd_file.h"

namespace cfc {

/// How a viewer shows a signal.
enum class Look { bit, unsigned_number, signed_number, state };

/// A signal of the accelerator in a trace.
struct TraceSignal {
  std::size_t layer{};  ///< from 1
  Probe probe;
  WaveSignal wave;  ///< path from the layer on, e.g. layer_1.dcl.u_mc.i_node_392
  Look look{Look::bit};
};

/// Lanes `first` to `last` of every calculator and link.
struct LaneRange {
  int first{};
  int last{};
};

/// Which signals are traced.
struct TraceFilter {
  std::vector<std::string> scopes;  ///< these and what is below; none: everything
  int depth{3};                     ///< scopes deep, from the layer on
  std::optional<LaneRange> lanes;   ///< none, or more than a calculator has: its middle eight
};

/// The signals that `filter` lets through, scope by scope. Throws InputError where a scope or the
/// lanes do not exist.
std::vector<TraceSignal> trace_signals(const Accelerator& accelerator,
                                       const golden::Network& network, const TraceFilter& filter);

}  // namespace cfc
