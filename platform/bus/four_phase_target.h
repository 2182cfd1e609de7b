#pragma once

#include <deque>
#include <string>

#include <systemc>
#include <tlm>
#include <tlm_utils/peq_with_cb_and_phase.h>
#include <tlm_utils/simple_target_socket.h>

namespace cfc {

/// What stands behind a FourPhaseTarget.
class TargetBehaviour {
 public:
  virtual ~TargetBehaviour() = default;

  /// A loosely timed access; as tlm_blocking_transport_if.
  virtual void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) = 0;
  /// An approximately timed request arrives now. It is answered by `respond`, when it may be.
  virtual void begin(tlm::tlm_generic_payload& payload) = 0;
  /// As tlm_transport_dbg_if: no side effects.
  virtual unsigned debug(tlm::tlm_generic_payload& payload) = 0;
  virtual bool direct_memory(tlm::tlm_generic_payload&, tlm::tlm_dmi&) { return false; }
};

/// A target socket with the target's half of the base protocol's four phases: END_REQ at once,
/// BEGIN_RESP when the behaviour responds and the response before it has had its END_RESP.
class FourPhaseTarget {
 public:
  tlm_utils::simple_target_socket<FourPhaseTarget> socket;

  FourPhaseTarget(const std::string& name, TargetBehaviour& behaviour);

  /// The response to a request, its status set, begins `delay` from now or as soon as it may.
  void respond(tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay);

 private:
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  unsigned transport_dbg(tlm::tlm_generic_payload& payload);
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);

  void on_phase(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase);
  void begin_next_response();
  void end_response(tlm::tlm_generic_payload& payload);

  TargetBehaviour& behaviour_;
  tlm_utils::peq_with_cb_and_phase<FourPhaseTarget> queue_;
  std::deque<tlm::tlm_generic_payload*> responses_;  ///< those that may begin, in order
  bool responding_{false};                           ///< a BEGIN_RESP without its END_RESP
};

}  // namespace cfc
