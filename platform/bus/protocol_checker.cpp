#include "platform/bus/protocol_checker.h"

#include <fmt/format.h>

namespace cfc {

using sc_core::sc_time;

ProtocolChecker::Attributes::Attributes(const Payload& payload)
    : command(payload.get_command()),
      data(payload.get_data_ptr()),
      length(payload.get_data_length()),
      enables(payload.get_byte_enable_ptr()),
      enable_length(payload.get_byte_enable_length()),
      streaming_width(payload.get_streaming_width()) {}

bool ProtocolChecker::Attributes::operator==(const Attributes& other) const {
  return command == other.command && data == other.data && length == other.length &&
         enables == other.enables && enable_length == other.enable_length &&
         streaming_width == other.streaming_width;
}

ProtocolChecker::ProtocolChecker(const sc_core::sc_module_name& name) : sc_module(name) {
  from_initiator.register_b_transport(this, &ProtocolChecker::b_transport);
  from_initiator.register_nb_transport_fw(this, &ProtocolChecker::nb_transport_fw);
  from_initiator.register_transport_dbg(this, &ProtocolChecker::transport_dbg);
  from_initiator.register_get_direct_mem_ptr(this, &ProtocolChecker::get_direct_mem_ptr);
  to_target.register_nb_transport_bw(this, &ProtocolChecker::nb_transport_bw);
  to_target.register_invalidate_direct_mem_ptr(this, &ProtocolChecker::invalidate);
}

void ProtocolChecker::expect(bool holds, const char* rule, const Payload& payload) {
  if (holds) return;
  violations_.push_back(fmt::format("{}: {} at {}: address {:#x}: {}", name(),
                                    sc_core::sc_time_stamp().to_string(),
                                    payload.is_write() ? "write" : "read",
                                    static_cast<std::uint64_t>(payload.get_address()), rule));
}

void ProtocolChecker::check_request(const Payload& payload) {
  expect(payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE,
         "a request has the status INCOMPLETE", payload);
  expect(payload.get_data_ptr() != nullptr, "a request has a data pointer", payload);
  expect(payload.get_data_length() > 0, "a request has a length above 0", payload);
  expect(payload.get_streaming_width() > 0, "a request has a streaming width above 0", payload);
  expect(!payload.is_dmi_allowed(), "a request has no DMI hint", payload);
}

void ProtocolChecker::check_response(const Payload& payload, const Attributes& before) {
  expect(payload.get_response_status() != tlm::TLM_INCOMPLETE_RESPONSE,
         "a response has a status other than INCOMPLETE", payload);
  expect(Attributes(payload) == before, "nobody changes the attributes under way", payload);
}

void ProtocolChecker::b_transport(Payload& payload, sc_time& delay) {
  check_request(payload);
  const Attributes before(payload);
  const sc_time due = sc_core::sc_time_stamp() + delay;
  to_target->b_transport(payload, delay);
  check_response(payload, before);
  expect(sc_core::sc_time_stamp() + delay >= due, "time does not run backwards", payload);
  ++transactions_;
}

void ProtocolChecker::step_from_initiator(Payload& payload, const tlm::tlm_phase& phase) {
  const auto known = states_.find(&payload);
  if (phase == tlm::BEGIN_REQ) {
    check_request(payload);
    expect(payload.has_mm(), "a transaction has a memory manager", payload);
    expect(payload.get_ref_count() > 0, "a transaction is held while it is under way", payload);
    expect(known == states_.end(), "a transaction begins once", payload);
    expect(requesting_ == nullptr, "a request waits for the END_REQ of the one before", payload);
    requesting_ = &payload;
    states_.insert_or_assign(&payload, Transaction{State::request, Attributes(payload)});
  } else if (phase == tlm::END_RESP) {
    const bool due = known != states_.end() && known->second.state == State::response;
    expect(due, "END_RESP follows BEGIN_RESP", payload);
    finish(payload);
  } else if (phase <= tlm::END_RESP) {
    expect(false, "an initiator sends BEGIN_REQ and END_RESP only", payload);
  }
}

void ProtocolChecker::step_from_target(Payload& payload, const tlm::tlm_phase& phase) {
  if (phase > tlm::END_RESP) return;  // an extended phase
  const auto known = states_.find(&payload);
  if (known == states_.end()) return expect(false, "a target answers what was asked", payload);
  Transaction& transaction = known->second;
  if (phase == tlm::END_REQ) {
    expect(transaction.state == State::request, "END_REQ follows BEGIN_REQ, once", payload);
    transaction.state = State::requested;
  } else if (phase == tlm::BEGIN_RESP) {
    expect(transaction.state != State::response, "a response begins once", payload);
    expect(responding_ == nullptr, "a response waits for the END_RESP of the one before", payload);
    check_response(payload, transaction.attributes);
    responding_ = &payload;
    transaction.state = State::response;
  } else {
    expect(false, "a target sends END_REQ and BEGIN_RESP only", payload);
  }
  if (requesting_ == &payload) requesting_ = nullptr;
}

void ProtocolChecker::finish(const Payload& payload) {
  if (requesting_ == &payload) requesting_ = nullptr;
  if (responding_ == &payload) responding_ = nullptr;
  transactions_ += states_.erase(&payload);
}

void ProtocolChecker::check_answer(tlm::tlm_sync_enum answer, const tlm::tlm_phase& before,
                                   const tlm::tlm_phase& after, const sc_time& delay_before,
                                   const sc_time& delay_after, const Payload& payload) {
  if (answer == tlm::TLM_ACCEPTED) {
    expect(before == after, "ACCEPTED leaves the phase alone", payload);
  } else {
    expect(delay_after >= delay_before, "time does not run backwards", payload);
  }
  if (answer == tlm::TLM_UPDATED) expect(before != after, "UPDATED changes the phase", payload);
}

tlm::tlm_sync_enum ProtocolChecker::nb_transport_fw(Payload& payload, tlm::tlm_phase& phase,
                                                    sc_time& delay) {
  step_from_initiator(payload, phase);
  const tlm::tlm_phase before = phase;
  const sc_time delay_before = delay;
  const tlm::tlm_sync_enum answer = to_target->nb_transport_fw(payload, phase, delay);
  check_answer(answer, before, phase, delay_before, delay, payload);
  if (before == tlm::END_RESP) return answer;
  if (answer == tlm::TLM_UPDATED) step_from_target(payload, phase);
  if (answer == tlm::TLM_COMPLETED) {
    const auto known = states_.find(&payload);
    if (known != states_.end()) check_response(payload, known->second.attributes);
    finish(payload);
  }
  return answer;
}

tlm::tlm_sync_enum ProtocolChecker::nb_transport_bw(Payload& payload, tlm::tlm_phase& phase,
                                                    sc_time& delay) {
  step_from_target(payload, phase);
  const tlm::tlm_phase before = phase;
  const sc_time delay_before = delay;
  const tlm::tlm_sync_enum answer = from_initiator->nb_transport_bw(payload, phase, delay);
  check_answer(answer, before, phase, delay_before, delay, payload);
  if (before != tlm::BEGIN_RESP) return answer;
  if (answer == tlm::TLM_UPDATED) step_from_initiator(payload, phase);
  if (answer == tlm::TLM_COMPLETED) finish(payload);
  return answer;
}

}  // namespace cfc
