#include "tests/platform/bus/foreign_memory.h"

#include <iterator>

namespace cfc::testing {
namespace {

using sc_core::sc_time;

/// Of no use to anybody else.
struct ForeignNote : tlm::tlm_extension<ForeignNote> {
  tlm_extension_base* clone() const override { return new ForeignNote; }
  void copy_from(const tlm_extension_base&) override {}
};

DECLARE_EXTENDED_PHASE(foreign_phase);

constexpr std::uint64_t kMoved = 0x4000'0000'0000;

}  // namespace

ForeignMemory::ForeignMemory(const sc_core::sc_module_name& name, std::uint64_t seed, Fault fault)
    : sc_module(name), random_(seed), fault_(fault), ways_(kWays) {
  socket.bind(*this);
  content.bind(backward_);
  SC_HAS_PROCESS(ForeignMemory);
  SC_THREAD(run);
}

sc_time ForeignMemory::some_time() { return {static_cast<double>(draw(40)), sc_core::SC_NS}; }

void ForeignMemory::b_transport(Payload& payload, sc_time& delay) {
  asked_[&payload] = payload.get_address();
  serve(payload);
  asked_.erase(&payload);
  payload.set_address(payload.get_address() + kMoved);
  delay += some_time();
}

tlm::tlm_sync_enum ForeignMemory::nb_transport_fw(Payload& payload, tlm::tlm_phase& phase,
                                                  sc_time& delay) {
  if (phase == tlm::BEGIN_REQ) return begin(payload, phase, delay);
  if (phase == tlm::END_RESP && responding_ == &payload) responding_ = nullptr;
  return tlm::TLM_ACCEPTED;
}

tlm::tlm_sync_enum ForeignMemory::begin(Payload& payload, tlm::tlm_phase& phase, sc_time& delay) {
  payload.acquire();
  payload.set_auto_extension(new ForeignNote);
  asked_[&payload] = payload.get_address();
  payload.set_address(payload.get_address() + kMoved);
  Way way = static_cast<Way>(draw(kWays));
  if (way == implied_in_return && responding_) way = implied_later;  // one response at a time
  ++ways_[way];
  if (way == end_in_return || way == implied_in_return || way == completed) delay += some_time();
  if (way < implied_in_return) {
    requests_.push_back({&payload, way == end_later, sc_core::sc_time_stamp() + delay});
  }
  if (way == end_later || way == implied_later) return tlm::TLM_ACCEPTED;
  if (way == end_in_return) {
    phase = tlm::END_REQ;
    return tlm::TLM_UPDATED;
  }
  serve(payload);
  held_.push_back(&payload);
  if (way == completed) return tlm::TLM_COMPLETED;
  responding_ = &payload;
  phase = tlm::BEGIN_RESP;
  return tlm::TLM_UPDATED;
}

void ForeignMemory::run() {
  for (;;) {
    wait(some_time() + sc_time(1, sc_core::SC_NS));
    end_requests();
    if (draw(3) == 0) respond();
    if (draw(8) == 0) let_go();
  }
}

void ForeignMemory::end_requests() {
  for (Request& request : requests_) {
    if (!request.owes_end_request) continue;
    request.owes_end_request = false;
    for (tlm::tlm_phase phase : {tlm::tlm_phase(foreign_phase), tlm::tlm_phase(tlm::END_REQ)}) {
      sc_time none;
      socket->nb_transport_bw(*request.payload, phase, none);
    }
    return;  // others that owe one have come since
  }
}

void ForeignMemory::respond() {
  if (responding_ || requests_.empty()) return;
  const auto chosen = std::next(requests_.begin(), draw(static_cast<int>(requests_.size())));
  if (chosen->requested > sc_core::sc_time_stamp()) return;
  Payload& payload = *chosen->payload;
  if (chosen != requests_.begin()) ++overtaken_;
  requests_.erase(chosen);
  serve(payload);
  held_.push_back(&payload);
  responding_ = &payload;
  tlm::tlm_phase phase = tlm::BEGIN_RESP;
  sc_time none;
  if (socket->nb_transport_bw(payload, phase, none) == tlm::TLM_COMPLETED) responding_ = nullptr;
}

void ForeignMemory::serve(Payload& payload) {
  const std::uint64_t moved = payload.get_address();
  const std::uint64_t asked = asked_.at(&payload);
  payload.set_address(fault_ == Fault::wrong_address ? asked ^ 64 : asked);
  const bool done = content->transport_dbg(payload) == payload.get_data_length();
  payload.set_address(moved);
  payload.set_response_status(done ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
  if (fault_ == Fault::flipped_bit && payload.is_read()) payload.get_data_ptr()[0] ^= 1;
}

void ForeignMemory::let_go() {
  std::vector<Payload*> still;
  for (Payload* payload : held_) {
    if (payload == responding_) {
      still.push_back(payload);
      continue;
    }
    asked_.erase(payload);
    payload->release();
  }
  held_ = still;
}

}  // namespace cfc::testing
