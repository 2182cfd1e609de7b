#pragma once

#include <cassert>
#include <cstdint>
#include <ostream>
#include <string>

#include <systemc>

namespace cfc {

/// What one cycle of a link carries: `count` consecutive elements, pixels and activations as u8,
/// logits as s32. They stay where the sender keeps them until the edge at which the receiver takes
/// them, so wide data is never copied through a signal.
class Beat {
 public:
  Beat() = default;
  Beat(const std::uint8_t* bytes, int elements) : count(elements), bytes_(bytes) {}
  Beat(const std::int32_t* words, int elements) : count(elements), words_(words) {}

  int count{0};

  const std::uint8_t* bytes() const {
    assert(bytes_ || count == 0);
    return bytes_;
  }
  /// Element `i` of either type.
  std::int32_t operator[](int i) const { return bytes_ ? bytes_[i] : words_[i]; }

  friend bool operator==(const Beat& a, const Beat& b) {
    return a.bytes_ == b.bytes_ && a.words_ == b.words_ && a.count == b.count;
  }
  friend std::ostream& operator<<(std::ostream& out, const Beat& beat) {
    return out << beat.count << " elements";
  }
  friend void sc_trace(sc_core::sc_trace_file* file, const Beat& beat, const std::string& name) {
    sc_core::sc_trace(file, beat.count, name);
  }

 private:
  const std::uint8_t* bytes_{nullptr};
  const std::int32_t* words_{nullptr};
};

/// The signals between two layers: a beat is transferred in every cycle in which both `valid` and
/// `ready` are high.
struct Link {
  explicit Link(const std::string& name)
      : valid((name + "_valid").c_str()),
        ready((name + "_ready").c_str()),
        data((name + "_data").c_str()) {}

  sc_core::sc_signal<bool> valid;
  sc_core::sc_signal<bool> ready;
  sc_core::sc_signal<Beat> data;
};

}  // namespace cfc
