#include "explore/timing/engine/memories.h"

namespace cfc::explore {

const char* name_of(MemoryId memory) {
  constexpr std::array<const char*, kMemories> kNames{"input", "u",    "v",     "w",
                                                      "z",     "psum", "output"};
  return kNames[memory];
}

int element_bits(const LayerWidths& widths, MemoryId memory) {
  const std::array<int, kMemories> bits{kActivationBits,     widths.u_bits, widths.v_bits,
                                        widths.weights_bits, widths.z_bits, kSumBits,
                                        widths.output_bits};
  return bits[memory];
}

std::uint64_t products(const MemoryArray& memories) {
  std::uint64_t all = 0;
  for (const MemoryId weights : kWeightMemories) all += memories[weights].reads.elements;
  return all;
}

}  // namespace cfc::explore
