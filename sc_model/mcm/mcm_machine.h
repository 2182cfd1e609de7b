#pragma once

#include <cstdint>

#include "sc_model/hardware/counter.h"

namespace cfc {

enum class MemoryState : std::uint8_t { write, read };

/// MCM (sec. 3.1; docs/reference/timing.md, MCM): in Write it takes the layer's input in; in Read a
/// complete input is there for the engine. With two input buffers it does both at a time.
/// RTL twin: rtl_ref/mcm/memory_control.v
class McmMachine {
 public:
  static constexpr const char* kStates[] = {"Write", "Read"};
  enum Entry { kWrite, kRead };
  static constexpr const char* kEntries[] = {"write", "read"};

  struct Registers {
    MemoryState state{MemoryState::write};
    int complete{0};   ///< complete input buffers, the one in computation included
    int load_beat{0};  ///< the beat that is expected next
    int fill{0};       ///< the buffer that is being filled
    int read{0};       ///< the buffer that the engine reads
    friend bool operator==(const Registers& a, const Registers& b) {
      return a.state == b.state && a.complete == b.complete && a.load_beat == b.load_beat &&
             a.fill == b.fill && a.read == b.read;
    }
  };
  struct Inputs {
    bool load{};  ///< a beat is transferred on the input link
    bool done{};  ///< the engine's last cycle: its input buffer is free
  };
  struct Outputs {
    int read{};  ///< the buffer of which the engine gets its nodes
  };

  McmMachine(int input_beats, int input_buffers) : beats_(input_beats), buffers_(input_buffers) {}

  Registers next(const Registers& q, const Inputs& in) const {
    Registers d = q;
    if (in.load && count_up(d.load_beat, beats_)) {
      d.fill = count(q.fill, buffers_);
      ++d.complete;
    }
    if (in.done) {
      d.read = count(q.read, buffers_);
      --d.complete;
    }
    d.state = d.complete > 0 ? MemoryState::read : MemoryState::write;
    return d;
  }
  Outputs outputs(const Registers& q) const { return {q.read}; }
  Entry entry(const Registers& q, const Inputs& /*in*/) const {
    return q.state == MemoryState::write ? kWrite : kRead;
  }

 private:
  int beats_;
  int buffers_;
};

}  // namespace cfc
