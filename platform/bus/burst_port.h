#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include <systemc>
#include <tlm>

#include "platform/bus/clock_grid.h"
#include "platform/bus/four_phase_initiator.h"

namespace cfc {

/// How transactions are written.
enum class CodingStyle {
  loosely_timed,         ///< b_transport
  loosely_timed_direct,  ///< the same, but a pointer into memory where a target grants one
  approximately_timed,   ///< nb_transport, four phases
};

/// Sends bursts with a bounded number outstanding, one request a clock period at most, in either
/// style and with the same times in both. Called from one thread.
class BurstPort {
 public:
  /// A response, and when it came; the loosely timed one may lie ahead of the simulation's time.
  using Listener = std::function<void(tlm::tlm_generic_payload&, const sc_core::sc_time&)>;

  virtual ~BurstPort() = default;

  /// Returns when the next request may leave; may wait until it knows.
  virtual sc_core::sc_time next_slot() = 0;
  /// Brings the simulation's time to `slot`, or only notes that it is to be taken as reached.
  virtual void go_to(const sc_core::sc_time& slot) = 0;
  /// Sends a burst in the slot last gone to. It belongs to the port until its response, and is
  /// given back to its pool after the listener has seen that.
  virtual void send(tlm::tlm_generic_payload& payload) = 0;
};

/// `port` is the socket; `outstanding` at least 1.
std::unique_ptr<BurstPort> make_burst_port(CodingStyle style, FourPhaseInitiator& port,
                                           const ClockGrid& grid, unsigned outstanding,
                                           BurstPort::Listener listener);

}  // namespace cfc
