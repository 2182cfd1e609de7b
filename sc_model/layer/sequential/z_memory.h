#pragma once

#include <cstdint>

#include "sc_model/hardware/memory.h"
#include "sc_model/hardware/operands.h"

namespace cfc {

/// z between the two passes: written element by element, read tile by tile.
class ZMemory : public Memory<std::int32_t>, public ResultSink, public NodeSource<std::int32_t> {
 public:
  using Memory::Memory;

  void take(int k, std::int32_t z) override { *write(static_cast<std::size_t>(k), 1) = z; }
  const std::int32_t* read_nodes(std::size_t first, std::size_t count) override {
    return read(first, count);
  }
};

}  // namespace cfc
