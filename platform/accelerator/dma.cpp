#include "platform/accelerator/dma.h"

#include <algorithm>
#include <cstring>

namespace cfc {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

struct Dma::Work {
  Transfer transfer;
  std::size_t sent{0};
  std::size_t answered{0};
  sc_time last_answer;
  bool live{true};

  bool all_sent() const { return sent == transfer.data.size(); }
};

Dma::Dma(const sc_core::sc_module_name& name, const DmaOptions& options, const ClockGrid& grid)
    : sc_module(name),
      options_(options),
      bursts_(make_burst_port(options.style, port_, grid, options.outstanding,
                              [this](tlm::tlm_generic_payload& payload, const sc_time& when) {
                                on_response(payload, when);
                              })) {
  SC_HAS_PROCESS(Dma);
  SC_THREAD(run);
  SC_METHOD(watch);
  sensitive << watch_event_;
  dont_initialize();
}

void Dma::submit(Transfer transfer) {
  if (open_.empty()) {
    stop_watching();
    progress_ = {sc_time_stamp()};
    arm(sc_time_stamp() + time_out_);
  }
  open_.push_back(std::make_shared<Work>(Work{std::move(transfer), 0, 0, {}, true}));
  submitted_.notify(sc_core::SC_ZERO_TIME);
}

void Dma::run() {
  for (;;) {
    const sc_time slot = bursts_->next_slot();
    // Only now is it known who is first; so the group begins in the simulation's own time.
    if (slot > sc_time_stamp()) wait(slot - sc_time_stamp());
    const WorkPtr work = next_work();
    if (work) {
      send_group(work);
    } else {
      wait(submitted_);
    }
  }
}

Dma::WorkPtr Dma::next_work() {
  WorkPtr first;
  for (const WorkPtr& work : open_) {
    if (work->all_sent()) continue;
    if (!first || work->transfer.priority < first->transfer.priority) first = work;
  }
  return first;
}

void Dma::send_group(const WorkPtr& work) {
  for (unsigned i = 0; i < options_.group_bursts && work->live && !work->all_sent(); ++i) {
    bursts_->go_to(bursts_->next_slot());
    if (work->live) send_burst(work);
  }
}

void Dma::send_burst(const WorkPtr& work) {
  const Transfer& transfer = work->transfer;
  tlm::tlm_generic_payload& payload =
      pool_.take(transfer.command, transfer.address + work->sent, kBurstBytes);
  if (payload.is_write()) {
    std::memcpy(payload.get_data_ptr(), transfer.data.data() + work->sent, kBurstBytes);
  }
  bursts_sent_[&payload] = {work, work->sent};
  work->sent += kBurstBytes;
  (payload.is_read() ? read_bytes_ : written_bytes_) += kBurstBytes;
  bursts_->send(payload);
}

void Dma::on_response(tlm::tlm_generic_payload& payload, const sc_time& when) {
  const auto sent = bursts_sent_.find(&payload);
  const auto [work, offset] = sent->second;
  bursts_sent_.erase(sent);
  if (!work->live) return;
  if (watching_) progress_.insert(when);
  Transfer& transfer = work->transfer;
  if (payload.is_response_error()) {
    add_fault({DmaFault::Kind::error_response, transfer.address + offset}, when);
    return;
  }
  if (transfer.command == tlm::TLM_READ_COMMAND) {
    std::memcpy(transfer.data.data() + offset, payload.get_data_ptr(), kBurstBytes);
  }
  work->answered += kBurstBytes;
  work->last_answer = std::max(work->last_answer, when);
  if (work->answered == transfer.data.size()) {
    finished_.emplace(work->last_answer, work);
    on_event(work->last_answer);
  }
}

void Dma::deliver() {
  while (!fault() && !finished_.empty() && finished_.begin()->first < sc_time_stamp()) {
    const WorkPtr work = finished_.begin()->second;
    finished_.erase(finished_.begin());
    open_.remove(work);
    work->transfer.done(work->transfer, work->last_answer);
  }
}

std::optional<DmaFault> Dma::fault() const {
  if (faults_.empty() || faults_.begin()->first >= sc_time_stamp()) return {};
  return faults_.begin()->second;
}

void Dma::drop_all() {
  for (const WorkPtr& work : open_) work->live = false;
  open_.clear();
  finished_.clear();
  faults_.clear();
  stop_watching();
}

void Dma::add_fault(const DmaFault& fault, const sc_time& when) {
  faults_.emplace(when, fault);
  on_event(when);
}

void Dma::arm(const sc_time& deadline) {
  if (watching_ || time_out_ == sc_core::SC_ZERO_TIME) return;
  watching_ = true;
  watch_event_.notify(deadline - sc_time_stamp());
}

void Dma::stop_watching() {
  watch_event_.cancel();
  watching_ = false;
}

void Dma::watch() {
  watching_ = false;
  if (open_.empty()) return;
  const sc_time now = sc_time_stamp();
  const auto ahead = progress_.upper_bound(now);
  const sc_time last = *std::prev(ahead);
  progress_.erase(progress_.begin(), std::prev(ahead));
  if (now - last < time_out_) return arm(last + time_out_);
  const Work& oldest = *open_.front();
  add_fault({DmaFault::Kind::time_out, oldest.transfer.address + oldest.answered}, now);
}

}  // namespace cfc
