#include "platform/bus/tlm_bus.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace cfc {

using tlm::tlm_generic_payload;

/// The bus as one initiator sees it.
class TlmBus::Entry : public TargetBehaviour {
 public:
  Entry(TlmBus& bus, unsigned index)
      : port("from_initiator_" + std::to_string(index), *this), bus_(bus), index_(index) {}

  FourPhaseTarget port;
  Way way_back;

  /// The response has come back from its target.
  void deliver(tlm_generic_payload& payload) {
    const sc_core::sc_time& now = sc_core::sc_time_stamp();
    port.respond(payload, way_back.take(now, bus_.response_time(payload)) - now);
  }

 private:
  void b_transport(tlm_generic_payload& payload, sc_core::sc_time& delay) override;
  void begin(tlm_generic_payload& payload) override;
  unsigned debug(tlm_generic_payload& payload) override;
  bool direct_memory(tlm_generic_payload& payload, tlm::tlm_dmi& dmi) override;

  TlmBus& bus_;
  const unsigned index_;
};

/// The bus as one target sees it: requests wait here for their turn.
class TlmBus::Exit {
 public:
  Exit(TlmBus& bus, unsigned index)
      : port("to_target_" + std::to_string(index)),
        arrivals_(("to_target_arrivals_" + std::to_string(index)).c_str(), this,
                  &Exit::on_arrivals),
        queue_(("to_target_queue_" + std::to_string(index)).c_str(), this, &Exit::on_request),
        bus_(bus) {
    port.on_request_end = [this] { begin_next(); };
    port.on_response = [this](tlm_generic_payload& payload) { respond(payload); };
    port.on_invalidate = [this, index](std::uint64_t first, std::uint64_t last) {
      const std::uint64_t base = bus_.ranges_[index].first;
      for (auto& entry : bus_.entries_) {
        entry->port.socket->invalidate_direct_mem_ptr(base + first, base + last);
      }
    };
  }

  FourPhaseInitiator port;
  Way way_there;

  /// Whose turn it is among those that come at one time is settled just behind it: the order in
  /// which the kernel runs the initiators must not matter.
  void send(tlm_generic_payload& payload, unsigned initiator) {
    arrived_.emplace(initiator, &payload);
    arrivals_.notify(payload, tlm::BEGIN_REQ, sc_core::sc_get_time_resolution());
  }

 private:
  /// Who was served last goes on, since a memory has the row open; then by number.
  void on_arrivals(tlm_generic_payload& /*one*/, const tlm::tlm_phase& /*phase*/) {
    while (!arrived_.empty()) {
      const auto same = arrived_.find(last_served_);
      const auto next = same != arrived_.end() ? same : arrived_.begin();
      last_served_ = next->first;
      grant(*next->second);
      arrived_.erase(next);
    }
  }

  void grant(tlm_generic_payload& payload) {
    const sc_core::sc_time& now = sc_core::sc_time_stamp();
    const sc_core::sc_time arrival = now - sc_core::sc_get_time_resolution();
    const sc_core::sc_time end = way_there.take(arrival, bus_.request_time(payload));
    queue_.notify(payload, tlm::BEGIN_REQ, end - now);
  }

  void on_request(tlm_generic_payload& payload, const tlm::tlm_phase& /*phase*/) {
    waiting_.push_back(&payload);
    begin_next();
  }

  void begin_next() {
    if (port.request_pending() || waiting_.empty()) return;
    tlm_generic_payload& payload = *waiting_.front();
    waiting_.pop_front();
    port.begin_request(payload);
  }

  void respond(tlm_generic_payload& payload) {
    const auto route = bus_.routes_.find(&payload);
    payload.set_address(route->second.address);
    Entry& entry = *bus_.entries_[route->second.initiator];
    bus_.routes_.erase(route);
    entry.deliver(payload);
  }

  tlm_utils::peq_with_cb_and_phase<Exit> arrivals_;
  tlm_utils::peq_with_cb_and_phase<Exit> queue_;
  TlmBus& bus_;
  std::multimap<unsigned, tlm_generic_payload*> arrived_;  ///< at one time, by initiator
  unsigned last_served_{0};
  std::deque<tlm_generic_payload*> waiting_;
};

void TlmBus::Entry::b_transport(tlm_generic_payload& payload, sc_core::sc_time& delay) {
  const std::uint64_t address = payload.get_address();
  const auto target = bus_.decode(address);
  if (!target) {
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  Exit& exit = *bus_.exits_[*target];
  delay = exit.way_there.take(sc_core::sc_time_stamp() + delay, bus_.request_time(payload)) -
          sc_core::sc_time_stamp();
  payload.set_address(address - bus_.ranges_[*target].first);
  exit.port.socket->b_transport(payload, delay);
  payload.set_address(address);
  delay = way_back.take(sc_core::sc_time_stamp() + delay, bus_.response_time(payload)) -
          sc_core::sc_time_stamp();
}

void TlmBus::Entry::begin(tlm_generic_payload& payload) {
  const auto target = bus_.decode(payload.get_address());
  if (!target) {
    payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    port.respond(payload, sc_core::SC_ZERO_TIME);
    return;
  }
  bus_.routes_[&payload] = {index_, *target, payload.get_address()};
  payload.set_address(payload.get_address() - bus_.ranges_[*target].first);
  bus_.exits_[*target]->send(payload, index_);
}

unsigned TlmBus::Entry::debug(tlm_generic_payload& payload) {
  const std::uint64_t address = payload.get_address();
  const auto target = bus_.decode(address);
  if (!target) return 0;
  payload.set_address(address - bus_.ranges_[*target].first);
  const unsigned bytes = bus_.exits_[*target]->port.socket->transport_dbg(payload);
  payload.set_address(address);
  return bytes;
}

bool TlmBus::Entry::direct_memory(tlm_generic_payload& payload, tlm::tlm_dmi& dmi) {
  const std::uint64_t address = payload.get_address();
  const auto target = bus_.decode(address);
  if (!target) return false;
  const AddressRange& range = bus_.ranges_[*target];
  payload.set_address(address - range.first);
  const bool granted = bus_.exits_[*target]->port.socket->get_direct_mem_ptr(payload, dmi);
  payload.set_address(address);
  const std::uint64_t last = std::min<std::uint64_t>(dmi.get_end_address(), range.bytes - 1);
  dmi.set_start_address(range.first + dmi.get_start_address());
  dmi.set_end_address(range.first + last);
  return granted;
}

TlmBus::TlmBus(const sc_core::sc_module_name& name, unsigned initiators,
               const std::vector<AddressRange>& targets, const BusOptions& options)
    : sc_module(name), ranges_(targets), options_(options) {
  for (unsigned i = 0; i < initiators; ++i) entries_.push_back(std::make_unique<Entry>(*this, i));
  for (unsigned i = 0; i < targets.size(); ++i) exits_.push_back(std::make_unique<Exit>(*this, i));
}

TlmBus::~TlmBus() = default;

tlm_utils::simple_target_socket<FourPhaseTarget>& TlmBus::from_initiator(unsigned index) {
  return entries_.at(index)->port.socket;
}

tlm_utils::simple_initiator_socket<FourPhaseInitiator>& TlmBus::to_target(unsigned index) {
  return exits_.at(index)->port.socket;
}

sc_core::sc_time TlmBus::request_busy(unsigned target) const {
  return exits_.at(target)->way_there.busy;
}

sc_core::sc_time TlmBus::response_busy(unsigned initiator) const {
  return entries_.at(initiator)->way_back.busy;
}

sc_core::sc_time TlmBus::Way::take(const sc_core::sc_time& from, const sc_core::sc_time& length) {
  free = std::max(free, from) + length;
  busy += length;
  return free;
}

std::optional<unsigned> TlmBus::decode(std::uint64_t address) const {
  for (unsigned i = 0; i < ranges_.size(); ++i) {
    if (address >= ranges_[i].first && address - ranges_[i].first < ranges_[i].bytes) return i;
  }
  return {};
}

sc_core::sc_time TlmBus::request_time(const tlm_generic_payload& payload) const {
  return payload.is_write() ? data_time(payload) : options_.period;
}

sc_core::sc_time TlmBus::response_time(const tlm_generic_payload& payload) const {
  return payload.is_read() ? data_time(payload) : options_.period;
}

sc_core::sc_time TlmBus::data_time(const tlm_generic_payload& payload) const {
  const unsigned beats =
      (payload.get_data_length() + options_.width_bytes - 1) / options_.width_bytes;
  return static_cast<double>(std::max(1U, beats)) * options_.period;
}

}  // namespace cfc
