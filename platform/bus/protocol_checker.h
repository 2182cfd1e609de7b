#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

namespace cfc {

/// Stands between an initiator's socket and a target's, passes everything on unchanged, and notes
/// what breaks the rules of the TLM-2.0 base protocol: order of phases, one request and one
/// response at a time, return values, attributes that are wrong or change under way, missing memory
/// manager.
class ProtocolChecker : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<ProtocolChecker> from_initiator{"from_initiator"};
  tlm_utils::simple_initiator_socket<ProtocolChecker> to_target{"to_target"};

  explicit ProtocolChecker(const sc_core::sc_module_name& name);

  /// What was wrong, in order; each with time and address.
  const std::vector<std::string>& violations() const { return violations_; }
  /// Transactions that have begun and ended, both ways of transport together.
  std::uint64_t transactions() const { return transactions_; }
  /// Approximately timed transactions that have not ended.
  std::size_t open_transactions() const { return states_.size(); }

 private:
  using Payload = tlm::tlm_generic_payload;

  /// What an initiator sets and no other component may change (the address excepted) until the
  /// response.
  struct Attributes {
    explicit Attributes(const Payload& payload);
    bool operator==(const Attributes& other) const;
    tlm::tlm_command command;
    const unsigned char* data;
    unsigned length;
    const unsigned char* enables;
    unsigned enable_length;
    unsigned streaming_width;
  };

  enum class State { request, requested, response };
  struct Transaction {
    State state;
    Attributes attributes;
  };

  void b_transport(Payload& payload, sc_core::sc_time& delay);
  tlm::tlm_sync_enum nb_transport_fw(Payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  tlm::tlm_sync_enum nb_transport_bw(Payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  unsigned transport_dbg(Payload& payload) { return to_target->transport_dbg(payload); }
  bool get_direct_mem_ptr(Payload& payload, tlm::tlm_dmi& dmi) {
    return to_target->get_direct_mem_ptr(payload, dmi);
  }
  void invalidate(sc_dt::uint64 first, sc_dt::uint64 last) {
    from_initiator->invalidate_direct_mem_ptr(first, last);
  }

  void check_request(const Payload& payload);
  void check_response(const Payload& payload, const Attributes& before);
  void step_from_initiator(Payload& payload, const tlm::tlm_phase& phase);
  void step_from_target(Payload& payload, const tlm::tlm_phase& phase);
  void check_answer(tlm::tlm_sync_enum answer, const tlm::tlm_phase& before,
                    const tlm::tlm_phase& after, const sc_core::sc_time& delay_before,
                    const sc_core::sc_time& delay_after, const Payload& payload);
  void finish(const Payload& payload);
  void expect(bool holds, const char* rule, const Payload& payload);

  std::map<const Payload*, Transaction> states_;
  const Payload* requesting_{nullptr};
  const Payload* responding_{nullptr};
  std::uint64_t transactions_{0};
  std::vector<std::string> violations_;
};

}  // namespace cfc
