#include "platform/bus/four_phase_initiator.h"

namespace cfc {
namespace {

/// The target ended the transaction in its answer to BEGIN_REQ: a response without END_RESP.
DECLARE_EXTENDED_PHASE(completed_early);

}  // namespace

FourPhaseInitiator::FourPhaseInitiator(const std::string& name)
    : socket(name.c_str()), queue_((name + "_queue").c_str(), this, &FourPhaseInitiator::on_phase) {
  socket.register_nb_transport_bw(this, &FourPhaseInitiator::nb_transport_bw);
  socket.register_invalidate_direct_mem_ptr(this, &FourPhaseInitiator::invalidate);
}

void FourPhaseInitiator::begin_request(tlm::tlm_generic_payload& payload) {
  sc_assert(!pending_);
  pending_ = &payload;
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  switch (socket->nb_transport_fw(payload, phase, delay)) {
    case tlm::TLM_ACCEPTED:
      break;
    case tlm::TLM_UPDATED:
      queue_.notify(payload, phase, delay);
      break;
    case tlm::TLM_COMPLETED:
      queue_.notify(payload, completed_early, delay);
      break;
  }
}

tlm::tlm_sync_enum FourPhaseInitiator::nb_transport_bw(tlm::tlm_generic_payload& payload,
                                                       tlm::tlm_phase& phase,
                                                       sc_core::sc_time& delay) {
  queue_.notify(payload, phase, delay);
  return tlm::TLM_ACCEPTED;
}

void FourPhaseInitiator::invalidate(sc_dt::uint64 first, sc_dt::uint64 last) {
  if (on_invalidate) on_invalidate(first, last);
}

void FourPhaseInitiator::on_phase(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& phase) {
  const bool responds = phase == tlm::BEGIN_RESP || phase == completed_early;
  if (!responds && phase != tlm::END_REQ) return;  // an extended phase, which may be ignored
  end_request(payload);
  if (!responds) return;
  if (phase == tlm::BEGIN_RESP) {
    tlm::tlm_phase end = tlm::END_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    socket->nb_transport_fw(payload, end, delay);
  }
  on_response(payload);
}

void FourPhaseInitiator::end_request(const tlm::tlm_generic_payload& payload) {
  if (pending_ != &payload) return;  // it had its END_REQ before
  pending_ = nullptr;
  on_request_end();
}

}  // namespace cfc
