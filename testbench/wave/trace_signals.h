#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sc_model/accelerator.h"
#include "testbench/model_stepper.h"

namespace cfc {

/// The RTL's hierarchical name from the layer on; a lane behind an underscore, since viewers take a
/// bracket for a bit range: layer_1.streaming.engine.dcl.u_mc.i_node_392.
std::string wave_path(const LayerSignal& signal);

/// Whether the signal stands in the layer's engine, not in the shell round it.
bool is_of_engine(const Signal& signal);

/// Lanes `first` to `last` of every calculator and link.
struct LaneRange {
  int first{};
  int last{};
};

/// Which signals are traced.
struct TraceFilter {
  std::vector<std::string> scopes;  ///< these and what is below; none: everything
  int depth{3};                     ///< 1 links and z; 2 L-SCM, MCM; 3 the calculators, too
  std::optional<LaneRange> lanes;   ///< none, or more than a calculator has: its middle eight
};

/// The signals that `filter` lets through, scope by scope. Throws InputError where a scope or the
/// lanes do not exist.
std::vector<LayerSignal> trace_signals(const Accelerator& accelerator, const TraceFilter& filter);

}  // namespace cfc
