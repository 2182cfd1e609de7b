#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <systemc>
#include <tlm>

#include "configuration/access_counters.h"
#include "sc_model/hardware/peak_meter.h"

namespace cfc {

enum class AccessKind : std::uint8_t { read, write };

/// One access of a memory, for its listener: the word of `count` elements from `first`.
struct AccessEvent {
  const char* memory;  ///< its name in the layer: input, u, v, w, z, psum, output
  AccessKind kind;
  std::size_t first;
  std::size_t count;
  std::uint64_t bits;
  std::uint64_t time;  ///< of the edge that begins the cycle to which it is booked
};

/// What a memory has done so far, for reports.
class MemoryMeter : public sc_core::sc_module {
 public:
  /// `element_bits` is the width of an element in the hardware; `layer_peak` sums up all memories
  /// of a layer.
  MemoryMeter(const sc_core::sc_module_name& name, int element_bits, PeakMeter& layer_peak)
      : sc_module(name), element_bits_(element_bits), layer_peak_(layer_peak) {}

  const AccessCounters& reads() const { return reads_; }
  const AccessCounters& writes() const { return writes_; }
  std::uint64_t peak_bits_per_cycle() const { return peak_.peak_bits_per_cycle(); }

  /// Every access from now on, when it is booked; the newest listener takes the place of another.
  void on_access(tlm::tlm_analysis_if<AccessEvent>& listener) { listener_ = &listener; }

 protected:
  void book_read(std::size_t first, std::size_t count) {
    book(reads_, AccessKind::read, first, count, now());
  }
  void book_write(std::size_t first, std::size_t count, std::uint64_t cycle) {
    book(writes_, AccessKind::write, first, count, cycle);
  }

  /// The cycle that begins now.
  static std::uint64_t now() { return sc_core::sc_time_stamp().value(); }

 private:
  void book(AccessCounters& counters, AccessKind kind, std::size_t first, std::size_t count,
            std::uint64_t cycle) {
    const std::uint64_t bits = count * element_bits_;
    counters += {1, count, bits};
    peak_.book(cycle, bits);
    layer_peak_.book(cycle, bits);
    if (listener_) listener_->write({basename(), kind, first, count, bits, cycle});
  }

  std::uint64_t element_bits_;
  PeakMeter& layer_peak_;
  PeakMeter peak_;
  AccessCounters reads_;
  AccessCounters writes_;
  tlm::tlm_analysis_if<AccessEvent>* listener_{nullptr};
};

/// An on-chip memory that hands out words of consecutive elements and counts every access, in the
/// cycle in which it happens. RTL twin: rtl_ref/hardware/memory.v
template <typename Element>
class Memory : public MemoryMeter {
 public:
  Memory(const sc_core::sc_module_name& name, std::size_t elements, int element_bits,
         PeakMeter& layer_peak)
      : MemoryMeter(name, element_bits, layer_peak), content_(elements) {}

  /// A memory that holds constants (weights).
  Memory(const sc_core::sc_module_name& name, std::vector<Element> content, int element_bits,
         PeakMeter& layer_peak)
      : MemoryMeter(name, element_bits, layer_peak), content_(std::move(content)) {}

  /// Replaces the whole content from outside (a network is loaded): no access of the layer's, so
  /// not counted. `content` has as many elements as the memory.
  void load(const std::vector<Element>& content) {
    assert(content.size() == content_.size());
    std::copy(content.begin(), content.end(), content_.begin());
  }

  /// One read of the word of `count` elements from `first`.
  const Element* read(std::size_t first, std::size_t count) {
    assert(first + count <= content_.size());
    book_read(first, count);
    return content_.data() + first;
  }

  /// One write of a word of `count` elements at `first`, to be filled in by the caller, at the end
  /// of the cycle that begins now.
  Element* write(std::size_t first, std::size_t count) { return write(first, count, now()); }

  /// The same at the end of an earlier cycle: that which began at time `cycle`.
  Element* write(std::size_t first, std::size_t count, std::uint64_t cycle) {
    assert(first + count <= content_.size());
    book_write(first, count, cycle);
    return content_.data() + first;
  }

 private:
  std::vector<Element> content_;
};

}  // namespace cfc
