#pragma once

#include <cstdint>
#include <string>

#include <systemc>
#include <tlm>
#include <tlm_utils/tlm_quantumkeeper.h>

#include "platform/bus/burst_port.h"
#include "platform/bus/four_phase_initiator.h"
#include "platform/bus/payload_pool.h"

namespace cfc {

/// An initiator for software-like threads: one transaction after the other, in either style.
/// Loosely timed, it runs ahead of the simulation's time by up to the global quantum.
class BlockingInitiator {
 public:
  BlockingInitiator(const std::string& name, CodingStyle style);

  tlm_utils::simple_initiator_socket<FourPhaseInitiator>& socket() { return port_.socket; }

  /// Reads or writes `bytes` bytes; from a thread. Returns the response status.
  tlm::tlm_response_status read(std::uint64_t address, void* data, std::size_t bytes);
  tlm::tlm_response_status write(std::uint64_t address, const void* data, std::size_t bytes);

  /// A register; a response other than OK is an error report.
  std::uint32_t read_register(std::uint64_t address);
  void write_register(std::uint64_t address, std::uint32_t value);

  /// Any transaction that the caller has filled in; loosely timed as in `read`.
  void transport(tlm::tlm_generic_payload& payload);

  /// Without time and side effects, as far as the target allows; returns the bytes moved.
  unsigned debug_read(std::uint64_t address, void* data, std::size_t bytes);
  unsigned debug_write(std::uint64_t address, const void* data, std::size_t bytes);

  /// Gives up what it ran ahead.
  void sync() { keeper_.sync(); }
  sc_core::sc_time local_time() const { return keeper_.get_current_time(); }

 private:
  tlm::tlm_response_status access(tlm::tlm_command command, std::uint64_t address, void* data,
                                  std::size_t bytes);
  unsigned debug(tlm::tlm_command command, std::uint64_t address, void* data, std::size_t bytes);

  const CodingStyle style_;
  FourPhaseInitiator port_;
  PayloadPool pool_;
  tlm_utils::tlm_quantumkeeper keeper_;
  bool answered_{false};
  sc_core::sc_event answer_;
};

}  // namespace cfc
