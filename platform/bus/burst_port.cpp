#include "platform/bus/burst_port.h"

#include <algorithm>
#include <cstring>

namespace cfc {
namespace {

using sc_core::sc_time;
using sc_core::sc_time_stamp;
using tlm::tlm_generic_payload;

/// The pointer into memory that a target has granted last.
class DirectMemory {
 public:
  explicit DirectMemory(FourPhaseInitiator& port) : port_(port) {
    port.on_invalidate = [this](std::uint64_t first, std::uint64_t last) {
      if (first <= grant_.get_end_address() && grant_.get_start_address() <= last) {
        grant_.allow_none();
      }
    };
    grant_.allow_none();
  }

  /// Does the access without a transaction. False where that has not been granted.
  bool access(tlm_generic_payload& payload, sc_time& delay) const {
    const bool allowed = payload.is_read() ? grant_.is_read_allowed() : grant_.is_write_allowed();
    const std::uint64_t first = payload.get_address();
    const unsigned bytes = payload.get_data_length();
    if (!allowed || first < grant_.get_start_address() ||
        first + bytes - 1 > grant_.get_end_address()) {
      return false;
    }
    unsigned char* here = grant_.get_dmi_ptr() + (first - grant_.get_start_address());
    if (payload.is_read()) std::memcpy(payload.get_data_ptr(), here, bytes);
    if (payload.is_write()) std::memcpy(here, payload.get_data_ptr(), bytes);
    delay += payload.is_read() ? grant_.get_read_latency() : grant_.get_write_latency();
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    return true;
  }

  /// After a transaction: asks for the pointer if the target says that there is one.
  void ask(tlm_generic_payload& payload) {
    if (!payload.is_dmi_allowed()) return;
    grant_.init();
    if (!port_.socket->get_direct_mem_ptr(payload, grant_)) grant_.allow_none();
  }

 private:
  FourPhaseInitiator& port_;
  tlm::tlm_dmi grant_;
};

/// Runs ahead of the simulation's time within a group of bursts.
class LooselyTimedPort : public BurstPort {
 public:
  LooselyTimedPort(FourPhaseInitiator& port, const ClockGrid& grid, unsigned outstanding,
                   std::unique_ptr<DirectMemory> direct, Listener listener)
      : port_(port),
        grid_(grid),
        outstanding_(outstanding),
        direct_(std::move(direct)),
        listener_(std::move(listener)) {}

  sc_time next_slot() override {
    while (responses_.size() >= outstanding_) {
      earliest_ = std::max(earliest_, *responses_.begin());
      responses_.erase(responses_.begin());
    }
    return std::max(grid_.request_after(earliest_), grid_.request_from(sc_time_stamp()));
  }

  void go_to(const sc_time& slot) override { slot_ = slot; }

  void send(tlm_generic_payload& payload) override {
    sc_time delay = slot_ - sc_time_stamp();
    earliest_ = slot_;
    if (!direct_ || !direct_->access(payload, delay)) {
      const std::uint64_t address = payload.get_address();
      port_.socket->b_transport(payload, delay);
      payload.set_address(address);  // what lies between may have changed it
      if (direct_) direct_->ask(payload);
    }
    const sc_time response = sc_time_stamp() + delay;
    responses_.insert(response);
    listener_(payload, response);
    payload.release();
  }

 private:
  FourPhaseInitiator& port_;
  const ClockGrid& grid_;
  const unsigned outstanding_;
  const std::unique_ptr<DirectMemory> direct_;  ///< may be null
  const Listener listener_;
  std::multiset<sc_time> responses_;  ///< of bursts that may still be outstanding
  sc_time earliest_;                  ///< the next request leaves after this
  sc_time slot_;
};

class ApproximatelyTimedPort : public BurstPort {
 public:
  ApproximatelyTimedPort(FourPhaseInitiator& port, const ClockGrid& grid, unsigned outstanding,
                         Listener listener)
      : port_(port), grid_(grid), free_(outstanding), listener_(std::move(listener)) {
    port_.on_request_end = [this] { free_some(); };
    port_.on_response = [this](tlm_generic_payload& payload) {
      ++free_;
      free_some();
      listener_(payload, sc_time_stamp());
      payload.release();
    };
  }

  sc_time next_slot() override {
    while (port_.request_pending() || free_ == 0) {
      sc_core::wait(freed_);
      earliest_ = std::max(earliest_, sc_time_stamp());
    }
    return std::max(grid_.request_after(earliest_), grid_.request_from(sc_time_stamp()));
  }

  void go_to(const sc_time& slot) override {
    if (slot > sc_time_stamp()) sc_core::wait(slot - sc_time_stamp());
  }

  void send(tlm_generic_payload& payload) override {
    --free_;
    earliest_ = sc_time_stamp();
    port_.begin_request(payload);
  }

 private:
  void free_some() { freed_.notify(sc_core::SC_ZERO_TIME); }

  FourPhaseInitiator& port_;
  const ClockGrid& grid_;
  unsigned free_;
  const Listener listener_;
  sc_core::sc_event freed_;
  sc_time earliest_;
};

}  // namespace

std::unique_ptr<BurstPort> make_burst_port(CodingStyle style, FourPhaseInitiator& port,
                                           const ClockGrid& grid, unsigned outstanding,
                                           BurstPort::Listener listener) {
  if (style == CodingStyle::approximately_timed) {
    return std::make_unique<ApproximatelyTimedPort>(port, grid, outstanding, std::move(listener));
  }
  auto direct =
      style == CodingStyle::loosely_timed_direct ? std::make_unique<DirectMemory>(port) : nullptr;
  return std::make_unique<LooselyTimedPort>(port, grid, outstanding, std::move(direct),
                                            std::move(listener));
}

}  // namespace cfc
