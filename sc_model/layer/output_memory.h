#pragma once

#include <cstdint>
#include <vector>

#include "sc_model/hardware/link.h"
#include "sc_model/hardware/memory.h"

namespace cfc {

/// The layer's results, u8 activations or s32 logits, between the engine and the output link.
class OutputMemory : public MemoryMeter {
 public:
  static constexpr int kActivationBits = 8;
  static constexpr int kLogitBits = 32;

  /// `element_bits`: one of the two above.
  OutputMemory(const sc_core::sc_module_name& name, std::size_t elements, int element_bits,
               PeakMeter& layer_peak);

  int element_bits() const { return bytes_.empty() ? kLogitBits : kActivationBits; }

  /// One write of a word of `count` elements at `first`, at the end of the cycle that begins now.
  void write(std::size_t first, std::size_t count, const std::int32_t* values);

  /// One read of a beat.
  Beat read(std::size_t first, std::size_t count);

 private:
  std::vector<std::uint8_t> bytes_;  ///< activations
  std::vector<std::int32_t> words_;  ///< logits
};

}  // namespace cfc
