#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "explore/silicon/layer_hardware.h"

namespace cfc::explore {

/// What a path goes through between two registers, each with a delay of its own.
enum PathTerm : std::size_t {
  kLaunch,          ///< a register's clock to output and set-up
  kLaunchMemory,    ///< a macro's port: set-up alone, its access time is the macro's
  kBufferSelect,    ///< one of two input buffers
  kTileSelect,      ///< per doubling of the words between which a tile is selected
  kMultiplier,      ///< a whole multiplier of 8 x 8 bits
  kMultiplierBits,  ///< per doubling of the bits of the two operands together
  kPartialProduct,  ///< in a multiplier of two stages and more
  kPartialSum,
  kLevel,       ///< of the adder tree
  kAccumulate,  ///< U-MC's accumulator
  kAddToSum,    ///< one of V-MC's running sums
  kRequantise,  ///< of z, and its load
  kBias,        ///< bias and write of a logit
  kActivation,  ///< requantisation of an activation, beyond the bias
  kBiasSelect,  ///< per doubling of the words of biases
  kSumSelect,   ///< per doubling of the tiles of V-MC
  kWrite,       ///< per doubling of the elements among which one is written
  kFanout,      ///< per doubling of the registers or lanes that one signal drives
  kControl,     ///< a controller's next state
  kCount,       ///< per doubling of what a controller counts
  kPathTerms
};

/// Where a path ends.
enum class PathEnd {
  operands,
  products,
  tree,
  accumulator,
  z,
  products_v,
  sums,
  output,
  input,
  control
};
inline constexpr std::size_t kPathEnds = 10;

const char* to_string(PathEnd end);

/// One candidate for the longest path of a layer.
struct Path {
  PathEnd end{};
  const char*
      memory{};  ///< the macro (LayerMacro) from whose port it starts; null: from a register
  std::array<double, kPathTerms> terms{};
};

/// All candidates: every stretch between two registers of the layer, once from each kind of start.
std::vector<Path> paths_of(const LayerHardware& layer);

/// ns of each term before any fit: what a synthesised layer or two showed.
extern const std::array<double, kPathTerms> kTypicalDelays;

}  // namespace cfc::explore
