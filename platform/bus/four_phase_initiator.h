#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <systemc>
#include <tlm>
#include <tlm_utils/peq_with_cb_and_phase.h>
#include <tlm_utils/simple_initiator_socket.h>

namespace cfc {

/// An initiator socket with the initiator's half of the base protocol's four phases. Requests may
/// follow one another before the first response comes. Loosely timed calls go to `socket` directly.
class FourPhaseInitiator {
 public:
  tlm_utils::simple_initiator_socket<FourPhaseInitiator> socket;

  std::function<void()> on_request_end;                             ///< END_REQ: the next may begin
  std::function<void(tlm::tlm_generic_payload&)> on_response;       ///< BEGIN_RESP
  std::function<void(std::uint64_t, std::uint64_t)> on_invalidate;  ///< DMI; may be empty

  explicit FourPhaseInitiator(const std::string& name);

  /// BEGIN_REQ now; only while no request is pending. The caller holds `payload` until its
  /// response.
  void begin_request(tlm::tlm_generic_payload& payload);
  /// A BEGIN_REQ without its END_REQ.
  bool request_pending() const { return pending_ != nullptr; }

 private:
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  void invalidate(sc_dt::uint64 first, sc_dt::uint64 last);
  void on_phase(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase);
  void end_request(const tlm::tlm_generic_payload& payload);

  tlm_utils::peq_with_cb_and_phase<FourPhaseInitiator> queue_;
  tlm::tlm_generic_payload* pending_{nullptr};
};

}  // namespace cfc
