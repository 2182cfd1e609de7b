#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include <systemc>
#include <tlm>

#include "platform/bus/burst_port.h"
#include "platform/bus/payload_pool.h"

namespace cfc {

/// How the accelerator's DMA uses the bus.
struct DmaOptions {
  CodingStyle style{CodingStyle::loosely_timed};
  unsigned outstanding{8};   ///< bursts under way
  unsigned group_bursts{8};  ///< bursts of one transfer before another may have its turn
};

/// A stretch of memory to be read or written.
struct Transfer {
  tlm::tlm_command command;
  std::uint64_t address;           ///< a multiple of Dma::kBurstBytes
  std::vector<std::uint8_t> data;  ///< to write, or to be filled; a multiple of Dma::kBurstBytes
  int priority;                    ///< lower goes first; among equals the older one
  /// Called by `deliver` with the transfer and when its last burst was answered.
  std::function<void(const Transfer&, const sc_core::sc_time&)> done;
};

struct DmaFault {
  enum class Kind { error_response, time_out };
  Kind kind;
  std::uint64_t address;
};

/// Moves transfers in aligned bursts of 64 bytes. Its owner calls it at the control moments
/// of the ClockGrid and is told by `on_event` when there is something to `deliver`.
class Dma : public sc_core::sc_module {
 public:
  static constexpr std::uint64_t kBurstBytes = 64;

  Dma(const sc_core::sc_module_name& name, const DmaOptions& options, const ClockGrid& grid);

  tlm_utils::simple_initiator_socket<FourPhaseInitiator>& socket() { return port_.socket; }

  /// Something happens at this time, now or ahead of it.
  std::function<void(const sc_core::sc_time&)> on_event;

  void submit(Transfer transfer);

  /// Hands over, in their order, the transfers that ended before now. After a fault none.
  void deliver();

  /// What went wrong first, before now.
  std::optional<DmaFault> fault() const;

  /// Forgets all transfers and faults. Bursts under way end in their own time, unheeded; one that
  /// is never answered keeps its place among the outstanding ones for good, and in the loosely
  /// timed style, where the answer is the return of a call, it keeps the whole DMA.
  void drop_all();

  /// No answer for so long while one is due is a fault; 0: wait for ever. Holds from the next
  /// transfer on that is submitted when none is open.
  void set_time_out(const sc_core::sc_time& time_out) { time_out_ = time_out; }

  std::uint64_t read_bytes() const { return read_bytes_; }
  std::uint64_t written_bytes() const { return written_bytes_; }

 private:
  struct Work;
  using WorkPtr = std::shared_ptr<Work>;
  /// A part of a transfer under way. Remembered, because what lies between may change the address
  /// of a transaction, and need not change it back.
  struct Burst {
    WorkPtr work;
    std::size_t offset;  ///< in the transfer's data
  };

  void run();
  void send_group(const WorkPtr& work);
  void send_burst(const WorkPtr& work);
  void on_response(tlm::tlm_generic_payload& payload, const sc_core::sc_time& when);
  WorkPtr next_work();
  void add_fault(const DmaFault& fault, const sc_core::sc_time& when);

  void watch();
  void arm(const sc_core::sc_time& deadline);
  void stop_watching();

  const DmaOptions options_;
  FourPhaseInitiator port_{"socket"};
  PayloadPool pool_;
  std::unique_ptr<BurstPort> bursts_;

  std::list<WorkPtr> open_;  ///< submitted and not delivered
  std::map<const tlm::tlm_generic_payload*, Burst> bursts_sent_;
  std::multimap<sc_core::sc_time, WorkPtr> finished_;
  std::multimap<sc_core::sc_time, DmaFault> faults_;
  sc_core::sc_event submitted_;

  sc_core::sc_time time_out_;
  sc_core::sc_event watch_event_;
  bool watching_{false};
  std::set<sc_core::sc_time> progress_;  ///< times of responses

  std::uint64_t read_bytes_{0};
  std::uint64_t written_bytes_{0};
};

}  // namespace cfc
