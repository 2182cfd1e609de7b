#pragma once

#include <map>
#include <string>
#include <vector>

#include "explore/silicon/layer_hardware.h"

namespace cfc::explore {

/// Kinds of blocks: each has one fit of its area.
enum class BlockKind {
  u_mc,
  v_mc,
  dcl_scm,
  dil_scm,
  l_scm,
  mcm,
  activation,
  output_memory,
  requantise_z,
  z_memory
};
inline constexpr std::size_t kBlockKinds = 10;

/// What the area of a block is proportional to: `terms` times the coefficients of its kind.
struct Block {
  std::string name;  ///< as in the RTL: "dcl.u_mc", "dcl_v.u_mc"
  BlockKind kind{};
  std::vector<double> terms;
};

/// All blocks of a layer that are made of standard cells.
std::vector<Block> blocks_of(const LayerHardware& layer);

/// Whether a block of one of the kinds is called `name` in the RTL; else it is glue between them.
bool is_block(const std::string& name);

}  // namespace cfc::explore
