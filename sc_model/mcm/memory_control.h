#pragma once

#include <cstdint>

#include "sc_model/hardware/link.h"
#include "sc_model/hardware/memory.h"
#include "sc_model/hardware/operands.h"
#include "sc_model/hardware/state_control.h"
#include "sc_model/mcm/mcm_machine.h"

namespace cfc {

/// What is built of MCM.
struct InputBuffers {
  int elements;  ///< m, of one image
  int beat_width;
  int buffers;
};

/// MCM in SystemC: McmMachine, and the input memory that it writes beat by beat and reads tile by
/// tile.
class MemoryControl : public StateControl<MemoryControl, McmMachine>,
                      public NodeSource<std::uint8_t> {
 public:
  sc_core::sc_in<bool> i_valid{"i_valid"};  ///< input link
  sc_core::sc_in<bool> i_ready{"i_ready"};  ///< input link, as L-SCM drives it
  sc_core::sc_in<Beat> i_data{"i_data"};    ///< input link
  sc_core::sc_in<bool> i_done{"i_done"};    ///< the engine's last cycle: its input is free

  MemoryControl(const sc_core::sc_module_name& name, const InputBuffers& built,
                Memory<std::uint8_t>& input);

  /// A word of the image that is complete.
  const std::uint8_t* read_nodes(std::size_t first, std::size_t count) override {
    return input_.read(image_ + first, count);
  }

 private:
  friend StateControl<MemoryControl, McmMachine>;
  Inputs inputs() const { return {i_valid.read() && i_ready.read(), i_done.read()}; }
  void act(const Registers& q, const Registers& before, const Inputs& in);
  void drive(const Outputs& outputs) {
    image_ = static_cast<std::size_t>(outputs.read) * static_cast<std::size_t>(built_.elements);
  }

  const InputBuffers built_;
  Memory<std::uint8_t>& input_;
  std::size_t image_{0};  ///< where the image begins that the engine reads
};

}  // namespace cfc
