#pragma once

#include <cstdint>
#include <vector>

#include "explore/workload/workload.h"

namespace cfc::explore {

/// What hardware a layer is: the parameters of `layer` in the RTL (docs/reference/rtl.md) that
/// change its cells.
struct LayerHardware {
  Schedule schedule{};
  int m{};
  int n{};
  int r{};  ///< 0 in a dense layer
  int lanes_u{};
  int lanes_v{};
  Issue issue{};
  int read_latency{};
  int multiply_latency{};
  int adder_latency{};
  int requantise_latency{};
  int v_read_latency{};
  int in_beat_width{};
  int link_width{};
  int input_buffers{};
  PsumStorage psum_storage{};
  int w_bits{};
  int u_bits{};
  int v_bits{};
  int z_bits{};
  int output_bits{};

  bool has_factors() const { return uses_factors(schedule); }
  /// z goes to DIL, which completes all sums at the end.
  bool has_dil() const { return traits_of(schedule).sends_at_the_end; }
  /// z waits in a memory for a second dot product.
  bool has_z_memory() const { return has_factors() && !has_dil(); }
  /// Sums that become outputs at a time.
  int sum_lanes() const { return has_dil() ? lanes_v : 1; }

  friend bool operator==(const LayerHardware& a, const LayerHardware& b);
};

/// Of a layer whose input comes in beats of `input_beat_width` elements.
LayerHardware hardware_of(const LayerConfiguration& layer, const LayerWidths& widths,
                          int input_beat_width);

/// A dot-product engine of a layer: DCL over W or U, or the second pass of sequential.
struct DotProduct {
  int lanes{};
  int tiles{};
  int operations{};
  int node_bits{};
  int wegt_bits{};
  // registers, with those that stepped issue adds
  int read_stages{};
  int multiply_stages{};
  int adder_stages{};
  bool result_stage{};   ///< the accumulator's register stands between the sum and what follows
  bool makes_z{};        ///< its results are requantised to z; else they are the layer's outputs
  bool reads_buffers{};  ///< its nodes are in MCM's input buffers; else in the z memory

  int levels() const;  ///< of the adder tree
  /// Adder levels in front of stage `stage` (1 to adder_stages) of the tree, as the RTL places it
  /// (rtl_ref/hardware/adder_tree.v).
  int level_of(int stage) const;
  /// Bits in all pipeline registers, the accumulator among them.
  int register_bits() const;
};

std::vector<DotProduct> dot_products_of(const LayerHardware& layer);

/// How MCM keeps one image (rtl_ref/mcm/input_buffer.v).
struct InputBuffer {
  bool is_memory{};  ///< banks of memory; else registers
  int selects{};     ///< words of the node port between which a tile is selected behind the memory
};

InputBuffer input_buffer_of(const LayerHardware& layer);

/// A macro of a layer: `count` memories of `words` words of `bits` bits, of which an access takes a
/// part where they are banks.
struct LayerMacro {
  const char* name;  ///< "w", "u", "v", "psum" or "input"
  std::uint64_t words{};
  std::uint64_t bits{};
  std::uint64_t count{1};
  std::uint64_t read_bits{bits};
  std::uint64_t write_bits{bits};
};

/// All memories of a layer that are macros in the RTL. Banks that share their read address are one
/// memory that is written in parts.
std::vector<LayerMacro> macros_of(const LayerHardware& layer);

/// Bits in the registers of multipliers with `stages` stages (rtl_ref/hardware/multipliers.v).
int multiplier_register_bits(int lanes, int node_bits, int wegt_bits, int stages);

/// ceil(log2(count)), 0 for one.
int log2_ceil(int count);

}  // namespace cfc::explore
