#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include <systemc>
#include <tlm>

#include "platform/bus/four_phase_initiator.h"
#include "platform/bus/four_phase_target.h"

namespace cfc {

/// A stretch of addresses that belongs to one target, which sees them from 0.
struct AddressRange {
  std::uint64_t first;
  std::uint64_t bytes;
};

/// How long the bus needs.
struct BusOptions {
  sc_core::sc_time period{10, sc_core::SC_NS};
  unsigned width_bytes{8};  ///< of data a period
};

/// A crossbar between initiators and targets. The way to a target and the way back to an initiator
/// carry one transfer at a time, first come first served (approximately timed, among those that
/// come at one time who was served last goes on, then the lower number): a period for a request or
/// a bare response, and a period for every `width_bytes` of data. Loosely and approximately timed.
/// Addresses outside every range get an address error.
class TlmBus : public sc_core::sc_module {
 public:
  TlmBus(const sc_core::sc_module_name& name, unsigned initiators,
         const std::vector<AddressRange>& targets, const BusOptions& options);
  ~TlmBus() override;

  /// Where initiator `index` is bound.
  tlm_utils::simple_target_socket<FourPhaseTarget>& from_initiator(unsigned index);
  /// To be bound to target `index`.
  tlm_utils::simple_initiator_socket<FourPhaseInitiator>& to_target(unsigned index);

  /// Time in which the way to a target, or the way back to an initiator, was in use.
  sc_core::sc_time request_busy(unsigned target) const;
  sc_core::sc_time response_busy(unsigned initiator) const;

 private:
  class Entry;
  class Exit;

  /// A way that carries one transfer at a time.
  struct Way {
    sc_core::sc_time free;
    sc_core::sc_time busy;
    /// Takes it at `from` or as soon as it is free, and returns when the transfer is through.
    sc_core::sc_time take(const sc_core::sc_time& from, const sc_core::sc_time& length);
  };

  struct Route {
    unsigned initiator;
    unsigned target;
    std::uint64_t address;  ///< as the initiator gave it
  };

  std::optional<unsigned> decode(std::uint64_t address) const;
  sc_core::sc_time request_time(const tlm::tlm_generic_payload& payload) const;
  sc_core::sc_time response_time(const tlm::tlm_generic_payload& payload) const;
  sc_core::sc_time data_time(const tlm::tlm_generic_payload& payload) const;

  const std::vector<AddressRange> ranges_;
  const BusOptions options_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<std::unique_ptr<Exit>> exits_;
  std::unordered_map<const tlm::tlm_generic_payload*, Route> routes_;
};

}  // namespace cfc
