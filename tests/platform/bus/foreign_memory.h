#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <random>
#include <vector>

#include <systemc>
#include <tlm>

namespace cfc::testing {

/// A memory as somebody else would write it, on the raw interfaces of TLM-2.0: it shares no code
/// with platform/. Each request is answered in one of the ways that the base protocol allows, drawn
/// at random: END_REQ by a later call or in the return, a response that implies END_REQ, by a later
/// call or in the return, or TLM_COMPLETED at once; responses come out of order, after random
/// times. Addresses are changed and stay so, transactions are held beyond their end, and carry an
/// extension and a phase of its own that may be ignored.
///
/// What it holds is reached through `content`, by debug transport.
class ForeignMemory : public sc_core::sc_module, public tlm::tlm_fw_transport_if<> {
 public:
  tlm::tlm_target_socket<32> socket{"socket"};
  tlm::tlm_initiator_socket<32> content{"content"};

  /// What it does wrong, so that a test can see that it would be noticed.
  enum class Fault { none, flipped_bit, wrong_address };

  ForeignMemory(const sc_core::sc_module_name& name, std::uint64_t seed, Fault fault);

  /// How many requests were answered in each of the five ways.
  const std::vector<std::uint64_t>& ways() const { return ways_; }
  /// Responses that overtook an older request.
  std::uint64_t overtaken() const { return overtaken_; }

 private:
  using Payload = tlm::tlm_generic_payload;
  enum Way { end_later, end_in_return, implied_later, implied_in_return, completed, kWays };

  struct Request {
    Payload* payload;
    bool owes_end_request;
    sc_core::sc_time requested;  ///< END_REQ; no response comes before it
  };
  /// `content` needs somebody behind its backward path; nobody calls it.
  struct Backward : tlm::tlm_bw_transport_if<> {
    tlm::tlm_sync_enum nb_transport_bw(Payload&, tlm::tlm_phase&, sc_core::sc_time&) override {
      return tlm::TLM_ACCEPTED;
    }
    void invalidate_direct_mem_ptr(sc_dt::uint64, sc_dt::uint64) override {}
  };

  tlm::tlm_sync_enum nb_transport_fw(Payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  void b_transport(Payload& payload, sc_core::sc_time& delay) override;
  unsigned transport_dbg(Payload& payload) override { return content->transport_dbg(payload); }
  bool get_direct_mem_ptr(Payload&, tlm::tlm_dmi&) override { return false; }

  tlm::tlm_sync_enum begin(Payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay);
  void run();
  void end_requests();
  void respond();
  void serve(Payload& payload);
  void let_go();
  sc_core::sc_time some_time();
  int draw(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  std::mt19937_64 random_;
  Fault fault_;
  Backward backward_;
  std::list<Request> requests_;              ///< unanswered, oldest first
  std::vector<Payload*> held_;               ///< answered, and not let go yet
  std::map<Payload*, std::uint64_t> asked_;  ///< their addresses, as they came
  Payload* responding_{nullptr};
  std::vector<std::uint64_t> ways_;
  std::uint64_t overtaken_{0};
};

}  // namespace cfc::testing
