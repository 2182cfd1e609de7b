#pragma once

#include <string>
#include <vector>

#include "configuration/configuration.h"
#include "sc_model/dcl/dimension_compression_layer.h"
#include "sc_model/dil/dimension_increase_layer.h"
#include "sc_model/hardware/probe.h"

namespace cfc {

// What a waveform shows of an engine, by the names of the paper's Fig. 15. Costs nothing but to
// whoever calls the probes.

/// The dot-product engine `name` with `lanes` multipliers and operations of `tiles` tiles:
/// `issue` (the first cycle in which a tile stands at the ports), its operation `k` and its number
/// `tile` in it, `retire`, and `result`, the accumulator with the tile that retires; by lane
/// `i_node`, `i_wegt` and `w_mult`.
template <typename Node>
std::vector<Probe> engine_probes(const std::string& name,
                                 const DimensionCompressionLayer<Node>& engine,
                                 const LayerConfiguration& configuration, int lanes, int tiles);

/// DIL: operation `k` and `tile` in Run, `retire` (products reach the running sums), the operand
/// `i_node`, and by lane `i_wegt` and `w_mult`.
std::vector<Probe> engine_probes(const DimensionIncreaseLayer& dil, int lanes);

}  // namespace cfc
