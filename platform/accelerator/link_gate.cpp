#include "platform/accelerator/link_gate.h"

#include <string>

namespace cfc {

using sc_core::sc_time;
using sc_core::sc_time_stamp;

LinkGate::LinkGate(const sc_core::sc_module_name& name, Link& upstream, int elements,
                   int beat_width)
    : Controller(name, {"idle", "pass", "wait_layer", "wait_weights", "wait_z"}),
      upstream_(upstream),
      downstream_("downstream"),
      elements_(elements),
      beat_width_(beat_width) {
  SC_HAS_PROCESS(LinkGate);
  SC_METHOD(connect);
  sensitive << upstream_.valid << upstream_.data << downstream_.ready << open_;
}

void LinkGate::hold_for(PassCondition* weights, PassCondition* z) {
  weights_ = weights;
  z_ = z;
}

void LinkGate::end_of_elaboration() {
  Controller::end_of_elaboration();
  wake_on(upstream_.valid.value_changed_event());
  wake_on(downstream_.ready.value_changed_event());
  for (const PassCondition* condition : {weights_, z_}) {
    if (condition) wake_on(condition->changed);
  }
}

void LinkGate::connect() {
  downstream_.data.write(upstream_.data.read());
  downstream_.valid.write(upstream_.valid.read() && open_.read());
  upstream_.ready.write(downstream_.ready.read() && open_.read());
}

void LinkGate::reset() {
  skip_cycle();
  passed_ = 0;
  image_ = 0;
  offered_ = false;
  quiet_ = kIdle;
  open_.write(false);
}

void LinkGate::on_clock() {
  close_cycle([this] { return entry(); }, [this] { return quiet_; });
  quiet_ = entry();
  const bool moved = quiet_ == kPass;
  if (moved) {
    passed_ += upstream_.data.read().count;
    offered_ = false;
    if (passed_ >= elements_) {
      passed_ = 0;
      ++image_;
    }
  } else if (upstream_.valid.read() && !offered_) {
    offered_ = true;
    offered_at_ = sc_time::from_value(cycle_that_ends());
  }
  pass_time_known_ = false;
  const bool open = !at_last_beat() || may_pass();
  open_.write(open);
  if (!moved && open == open_.read() && !pass_time_known_) sleep();
}

bool LinkGate::may_pass() { return passes(z_, kWaitZ) && passes(weights_, kWaitWeights); }

bool LinkGate::passes(const PassCondition* condition, Entry reason) {
  if (!condition) return true;
  const auto time = condition->pass_time(image_, offered_ ? offered_at_ : sc_time_stamp());
  if (time && *time <= sc_time_stamp()) return true;
  pass_time_known_ = time.has_value();
  reason_ = reason;
  return false;
}

int LinkGate::entry() const {
  if (!upstream_.valid.read()) return kIdle;
  if (!downstream_.ready.read()) return kWaitLayer;
  return open_.read() ? kPass : reason_;
}

Link& LinkGates::insert(Link& upstream) {
  const std::size_t link = gates_.size();
  const auto& layers = configuration_.layers;
  const int elements = link == 0 ? layers.front().shape.m : layers[link - 1].shape.n;
  const int beat_width =
      link == 0 ? configuration_.input_link_width : layers[link - 1].output_beat_width();
  gates_.push_back(std::make_unique<LinkGate>(("gate_" + std::to_string(link)).c_str(), upstream,
                                              elements, beat_width));
  return gates_.back()->downstream();
}

}  // namespace cfc
