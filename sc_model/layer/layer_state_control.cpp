#include "sc_model/layer/layer_state_control.h"

#include <algorithm>

namespace cfc {

LayerStateControl::LayerStateControl(const sc_core::sc_module_name& name, const LinkPlan& plan,
                                     Memory<std::int32_t>& output)
    : Controller(name, {"idle", "load", "wait_input", "run", "send", "wait_next"}),
      plan_(plan),
      output_(output) {}

void LayerStateControl::end_of_elaboration() {
  Controller::end_of_elaboration();
  for (auto* input : {&i_valid, &i_result, &i_done, &i_ready}) {
    wake_on(input->value_changed_event());
  }
}

int LayerStateControl::entry() const {
  switch (q_.state) {
    case LayerState::idle:
      return kIdle;
    case LayerState::load:
      return receives() || starts() ? kLoad : kWaitInput;
    case LayerState::run:
      return kRun;
    case LayerState::send:
      return delivers() ? kSend : kWaitNext;
  }
  return kIdle;
}

int LayerStateControl::quiet_entry() const {
  switch (q_.state) {
    case LayerState::idle:
      return kIdle;
    case LayerState::load:
      return kWaitInput;
    case LayerState::run:
      return kRun;
    case LayerState::send:
      return kWaitNext;
  }
  return kIdle;
}

void LayerStateControl::clear() {
  q_ = Registers{};
  drive();
}

LayerStateControl::Events LayerStateControl::events() const {
  const bool running = q_.state == LayerState::run;
  return {receives(), starts(), running && i_result.read(), running && i_done.read(), delivers()};
}

void LayerStateControl::advance() {
  const Events now = events();
  // Without an event no register changes, so nothing can happen before an input does.
  if (!now.any()) return sleep();

  const bool was_offering = offers();
  if (now.received) receive_beat();
  if (now.made) ++q_.made;
  if (now.delivered) q_.sent += beat_.count;
  next_state(now);
  if (offers() && (now.delivered || !was_offering)) fetch_beat();
  drive();
}

void LayerStateControl::receive_beat() {
  if (++q_.load_beat == plan_.input_beats) {
    q_.load_beat = 0;
    ++q_.full;
  }
}

void LayerStateControl::next_state(const Events& now) {
  switch (q_.state) {
    case LayerState::idle:
      if (now.received) q_.state = LayerState::load;
      break;
    case LayerState::load:
      if (now.started) enter_run();
      break;
    case LayerState::run:
      if (now.finished) leave_run();
      break;
    case LayerState::send:
      if (q_.sent == plan_.outputs) leave_send();
      break;
  }
}

void LayerStateControl::enter_run() {
  q_.state = LayerState::run;
  run_began_ = sc_core::sc_time_stamp();
}

void LayerStateControl::leave_run() {
  q_.state = LayerState::send;
  q_.made = plan_.outputs;
  --q_.full;
  ++images_;
  run_time_ += sc_core::sc_time_stamp() - run_began_;
}

void LayerStateControl::leave_send() {
  q_.made = 0;
  q_.sent = 0;
  const bool next_image_began = q_.full > 0 || q_.load_beat > 0;
  q_.state = next_image_began ? LayerState::load : LayerState::idle;
}

void LayerStateControl::fetch_beat() {
  const int count = std::min(plan_.output_beat_width, plan_.outputs - q_.sent);
  beat_ = {output_.read(static_cast<std::size_t>(q_.sent), static_cast<std::size_t>(count)), count};
}

void LayerStateControl::drive() {
  o_ready.write(accepts());
  o_start.write(starts());
  o_valid.write(offers());
  o_data.write(beat_);
}

const char* to_string(LayerState state) {
  switch (state) {
    case LayerState::idle:
      return "Idle";
    case LayerState::load:
      return "Load";
    case LayerState::run:
      return "Run";
    case LayerState::send:
      return "Send";
  }
  return "?";
}

}  // namespace cfc
