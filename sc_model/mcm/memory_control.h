#pragma once

#include <cstdint>

#include "configuration/configuration.h"
#include "sc_model/hardware/controller.h"
#include "sc_model/hardware/link.h"
#include "sc_model/hardware/operands.h"
#include "sc_model/mcm/layer_memories.h"

namespace cfc {

enum class MemoryState : std::uint8_t { write, read };

const char* to_string(MemoryState state);

/// MCM (sec. 3.1): in Write it takes the layer's input in; in Read a complete input is there, and
/// it feeds inputs and weights to the engines. With two input buffers it does both at a time.
/// RTL twin: rtl_ref/mcm/memory_control.v
class MemoryControl : public Controller,
                      public TileSource<std::uint8_t>,
                      public TileSource<std::int32_t>,
                      public RowSource {
 public:
  sc_core::sc_in<bool> i_valid{"i_valid"};  ///< input link
  sc_core::sc_in<bool> i_ready{"i_ready"};  ///< input link, as L-SCM drives it
  sc_core::sc_in<Beat> i_data{"i_data"};    ///< input link
  sc_core::sc_in<bool> i_done{"i_done"};    ///< the engine's last cycle: its input is free

  MemoryControl(const sc_core::sc_module_name& name, const LayerConfiguration& configuration,
                LayerMemories& memories);

  const char* state_name() const override { return to_string(state()); }
  int state_code() const override { return static_cast<int>(state()); }
  MemoryState state() const { return q_.complete > 0 ? MemoryState::read : MemoryState::write; }

  /// The layer's input and a column of U, or of W in a dense layer.
  void read_tile(int operation, int tile, Tile<std::uint8_t>& destination) override;
  /// z and a column of V: the second pass of the sequential schedule.
  void read_tile(int operation, int tile, Tile<std::int32_t>& destination) override;
  /// A row of V.
  RowTile read_row_tile(int operation, int tile) override;

 private:
  struct Registers {
    int complete{0};  ///< complete input buffers, the one in computation included
    int filled{0};    ///< elements in the buffer that is being filled
    int fill_buffer{0};
    int read_buffer{0};
  };

  int entry() const override { return static_cast<int>(state()); }
  int quiet_entry() const override { return entry(); }
  void clear() override { q_ = Registers{}; }
  void advance() override;
  void end_of_elaboration() override;

  void store_beat(const Beat& beat);
  int other(int buffer) const { return (buffer + 1) % configuration_.input_buffers; }

  const LayerConfiguration configuration_;
  LayerMemories& memories_;
  Registers q_;
};

}  // namespace cfc
