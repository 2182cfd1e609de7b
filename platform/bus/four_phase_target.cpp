#include "platform/bus/four_phase_target.h"

namespace cfc {

FourPhaseTarget::FourPhaseTarget(const std::string& name, TargetBehaviour& behaviour)
    : socket(name.c_str()),
      behaviour_(behaviour),
      queue_((name + "_queue").c_str(), this, &FourPhaseTarget::on_phase) {
  socket.register_b_transport(this, &FourPhaseTarget::b_transport);
  socket.register_nb_transport_fw(this, &FourPhaseTarget::nb_transport_fw);
  socket.register_transport_dbg(this, &FourPhaseTarget::transport_dbg);
  socket.register_get_direct_mem_ptr(this, &FourPhaseTarget::get_direct_mem_ptr);
}

void FourPhaseTarget::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  behaviour_.b_transport(payload, delay);
}

unsigned FourPhaseTarget::transport_dbg(tlm::tlm_generic_payload& payload) {
  return behaviour_.debug(payload);
}

bool FourPhaseTarget::get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) {
  return behaviour_.direct_memory(payload, dmi);
}

tlm::tlm_sync_enum FourPhaseTarget::nb_transport_fw(tlm::tlm_generic_payload& payload,
                                                    tlm::tlm_phase& phase,
                                                    sc_core::sc_time& delay) {
  if (phase == tlm::END_RESP) {
    queue_.notify(payload, phase, delay);
    return tlm::TLM_COMPLETED;
  }
  if (phase > tlm::END_RESP) return tlm::TLM_ACCEPTED;  // an extended phase, which may be ignored
  if (phase != tlm::BEGIN_REQ) {
    SC_REPORT_ERROR("/cfcsim/tlm", "an initiator sent a phase that the base protocol forbids");
    return tlm::TLM_ACCEPTED;
  }
  payload.acquire();
  if (delay != sc_core::SC_ZERO_TIME) {
    queue_.notify(payload, phase, delay);
    return tlm::TLM_ACCEPTED;
  }
  behaviour_.begin(payload);
  phase = tlm::END_REQ;
  return tlm::TLM_UPDATED;
}

void FourPhaseTarget::respond(tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay) {
  queue_.notify(payload, tlm::BEGIN_RESP, delay);
}

void FourPhaseTarget::on_phase(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase) {
  if (phase == tlm::BEGIN_REQ) {
    behaviour_.begin(payload);
    tlm::tlm_phase end = tlm::END_REQ;
    sc_core::sc_time now = sc_core::SC_ZERO_TIME;
    socket->nb_transport_bw(payload, end, now);
  } else if (phase == tlm::BEGIN_RESP) {
    responses_.push_back(&payload);
    begin_next_response();
  } else {
    end_response(payload);
  }
}

void FourPhaseTarget::begin_next_response() {
  if (responding_ || responses_.empty()) return;
  tlm::tlm_generic_payload& payload = *responses_.front();
  responses_.pop_front();
  responding_ = true;
  tlm::tlm_phase phase = tlm::BEGIN_RESP;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  const tlm::tlm_sync_enum answer = socket->nb_transport_bw(payload, phase, delay);
  if (answer != tlm::TLM_ACCEPTED) queue_.notify(payload, tlm::END_RESP, delay);
}

void FourPhaseTarget::end_response(tlm::tlm_generic_payload& payload) {
  responding_ = false;
  payload.release();
  begin_next_response();
}

}  // namespace cfc
