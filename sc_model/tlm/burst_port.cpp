#include "sc_model/tlm/burst_port.h"

#include <algorithm>

namespace cfc {
namespace {

using sc_core::sc_time;
using sc_core::sc_time_stamp;
using tlm::tlm_generic_payload;

/// Runs ahead of the simulation's time within a group of bursts.
class LooselyTimedPort : public BurstPort {
 public:
  LooselyTimedPort(FourPhaseInitiator& port, const ClockGrid& grid, unsigned outstanding,
                   Listener listener)
      : port_(port), grid_(grid), outstanding_(outstanding), listener_(std::move(listener)) {}

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
    port_.socket->b_transport(payload, delay);
    const sc_time response = sc_time_stamp() + delay;
    responses_.insert(response);
    listener_(payload, response);
    payload.release();
  }

 private:
  FourPhaseInitiator& port_;
  const ClockGrid& grid_;
  const unsigned outstanding_;
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
  if (style == CodingStyle::loosely_timed) {
    return std::make_unique<LooselyTimedPort>(port, grid, outstanding, std::move(listener));
  }
  return std::make_unique<ApproximatelyTimedPort>(port, grid, outstanding, std::move(listener));
}

}  // namespace cfc
