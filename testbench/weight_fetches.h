#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "golden/network.h"
#include "testbench/access_recorder.h"

namespace cfc {

/// Where the weights of one memory stand in DRAM: element after element in the order of the on-chip
/// memory, packed without gaps from bit 0 of the first byte on.
struct WeightRegion {
  int layer;              ///< from 1
  std::string memory;     ///< u, v or w
  std::uint64_t address;  ///< of the first byte
  std::uint64_t elements;
  int element_bits;

  std::uint64_t bytes() const;
};

/// Off-chip traffic where the weights stay in DRAM and are fetched for each image: each burst once
/// an image, in the cycle in which the machine reads the first weight of it. Takes no time: the
/// model has no DRAM timing.
class WeightFetches {
 public:
  static constexpr std::uint64_t kBurstBytes = 64;

  /// Lays the weights out: layer after layer, U before V, each at the next whole burst from 0 on.
  explicit WeightFetches(const golden::Network& network);

  const std::vector<WeightRegion>& layout() const { return layout_; }

  /// The addresses of the bursts that an access makes necessary, in order; none where it is not one
  /// of weights. Accesses must come in the order of their cycles.
  std::vector<std::uint64_t> bursts_for(const TracedAccess& access);

 private:
  void add(int layer, const char* memory, golden::Index elements, int element_bits);

  std::vector<WeightRegion> layout_;
  std::vector<std::uint64_t> next_bursts_;  ///< of each region: the first one not fetched yet
};

}  // namespace cfc
