#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <systemc>
#include <tlm>

#include "platform/bus/four_phase_target.h"
#include "platform/dram/memory_timing.h"

namespace cfc {

/// A memory behind a 32-bit base-protocol socket, loosely and approximately timed. Direct memory
/// access is granted where the timing is constant. Byte enables are obeyed; a streaming width below
/// the length is refused, as is an access beyond the end.
class MemoryTarget : public sc_core::sc_module, public TargetBehaviour {
 public:
  MemoryTarget(const sc_core::sc_module_name& name, std::uint64_t bytes,
               std::unique_ptr<MemoryTiming> timing);

  tlm_utils::simple_target_socket<FourPhaseTarget>& socket() { return port_.socket; }

  std::uint64_t size() const { return content_.size(); }
  std::uint64_t read_bytes() const { return read_bytes_; }
  std::uint64_t written_bytes() const { return written_bytes_; }
  const MemoryTiming& timing() const { return *timing_; }

 protected:
  /// Does an access that arrives at `arrival`, sets its status, and returns when the response
  /// begins; empty if never. Derived classes put faults here.
  virtual std::optional<sc_core::sc_time> access(tlm::tlm_generic_payload& payload,
                                                 const sc_core::sc_time& arrival);

 private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
  void begin(tlm::tlm_generic_payload& payload) override;
  unsigned debug(tlm::tlm_generic_payload& payload) override;
  bool direct_memory(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) override;

  tlm::tlm_response_status check(const tlm::tlm_generic_payload& payload) const;
  void move(tlm::tlm_generic_payload& payload);

  FourPhaseTarget port_;
  std::vector<std::uint8_t> content_;
  std::unique_ptr<MemoryTiming> timing_;
  std::uint64_t read_bytes_{0};
  std::uint64_t written_bytes_{0};
};

}  // namespace cfc
