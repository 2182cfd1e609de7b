#include "sc_model/mcm/memory_control.h"

#include <algorithm>

#include "configuration/configuration.h"

namespace cfc {

MemoryControl::MemoryControl(const sc_core::sc_module_name& name, const InputBuffers& built,
                             Memory<std::uint8_t>& input)
    : StateControl(name,
                   {LayerConfiguration::ceil_div(built.elements, built.beat_width), built.buffers}),
      built_(built),
      input_(input) {}

/// The beat of the cycle that ends goes where the registers of that cycle say.
void MemoryControl::act(const Registers& /*q*/, const Registers& before, const Inputs& in) {
  if (!in.load) return;
  const Beat& beat = i_data.read();
  const int first = before.fill * built_.elements + before.load_beat * built_.beat_width;
  std::uint8_t* word = input_.write(static_cast<std::size_t>(first),
                                    static_cast<std::size_t>(beat.count), cycle_that_ends());
  std::copy_n(beat.bytes(), beat.count, word);
}

}  // namespace cfc
