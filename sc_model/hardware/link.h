#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include <systemc>

namespace cfc {

/// What one cycle of a link carries: `count` consecutive elements. They stay where the sender keeps
/// them until the edge at which the receiver takes them, so wide data is never copied through a
/// signal.
struct Beat {
  const std::int32_t* elements{nullptr};
  int count{0};

  friend bool operator==(const Beat& a, const Beat& b) {
    return a.elements == b.elements && a.count == b.count;
  }
  friend std::ostream& operator<<(std::ostream& out, const Beat& beat) {
    return out << beat.count << " elements";
  }
  friend void sc_trace(sc_core::sc_trace_file* file, const Beat& beat, const std::string& name) {
    sc_core::sc_trace(file, beat.count, name);
  }
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
