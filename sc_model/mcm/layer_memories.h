#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "configuration/configuration.h"
#include "golden/network.h"
#include "sc_model/hardware/memory.h"

namespace cfc {

/// The memories of one layer, of which it has those that its schedule needs (Fig. 5).
struct LayerMemories {
  LayerMemories(const golden::Layer& layer, const LayerConfiguration& configuration);

  /// Replaces the weights by those of a layer of the same shape and kind.
  void load_weights(const golden::Layer& layer, Schedule schedule);

  PeakMeter peak;  ///< over all memories of the layer
  Memory<std::uint8_t> input;
  std::unique_ptr<Memory<std::int8_t>> w;      ///< dense: W by columns
  std::unique_ptr<Memory<std::int8_t>> u;      ///< factorised: U by columns
  std::unique_ptr<Memory<std::int8_t>> v;      ///< streaming: V by rows; sequential: by columns
  std::unique_ptr<Memory<std::int32_t>> z;     ///< sequential
  std::unique_ptr<Memory<std::int32_t>> psum;  ///< streaming, where the sums are in memory
  Memory<std::int32_t> output;

  /// All of them, by the names of the reports.
  std::vector<const MemoryMeter*> all() const;

  /// Every access of every memory.
  void on_access(tlm::tlm_analysis_if<AccessEvent>& listener);
};

}  // namespace cfc
