#pragma once

#include <memory>

#include <systemc>
#include <tlm>

#include <cfcsim/platform/dram/memory_target.h>

/// The board's memory: one of cfcsim, with a constant latency.
class Memory : public cfc::MemoryTarget {
 public:
  explicit Memory(const sc_core::sc_module_name& name)
      : MemoryTarget(
            name, 0x400000,
            std::make_unique<cfc::SimpleTiming>(sc_core::sc_time(50, sc_core::SC_NS), 3.2e9)) {}

  /// Straight into memory and out of it, as a loader would.
  unsigned touch(tlm::tlm_generic_payload& payload) {
    return static_cast<cfc::TargetBehaviour&>(*this).debug(payload);
  }
};
