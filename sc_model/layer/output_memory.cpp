#include "sc_model/layer/output_memory.h"

#include <algorithm>

namespace cfc {

OutputMemory::OutputMemory(const sc_core::sc_module_name& name, std::size_t elements,
                           int element_bits, PeakMeter& layer_peak)
    : MemoryMeter(name, element_bits, layer_peak),
      bytes_(element_bits == kActivationBits ? elements : 0),
      words_(element_bits == kLogitBits ? elements : 0) {}

void OutputMemory::write(std::size_t first, std::size_t count, const std::int32_t* values) {
  book_write(first, count, now());
  if (bytes_.empty()) {
    std::copy_n(values, count, words_.begin() + static_cast<std::ptrdiff_t>(first));
  } else {
    std::transform(values, values + count, bytes_.begin() + static_cast<std::ptrdiff_t>(first),
                   [](std::int32_t value) { return static_cast<std::uint8_t>(value); });
  }
}

Beat OutputMemory::read(std::size_t first, std::size_t count) {
  book_read(first, count);
  const int elements = static_cast<int>(count);
  return bytes_.empty() ? Beat(words_.data() + first, elements)
                        : Beat(bytes_.data() + first, elements);
}

}  // namespace cfc
