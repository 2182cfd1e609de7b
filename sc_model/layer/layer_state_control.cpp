#include "sc_model/layer/layer_state_control.h"

#include <algorithm>

namespace cfc {

void LayerStateControl::act(const Registers& q, const Registers& before, const Inputs& /*in*/) {
  if (q.state != before.state) count_run(q.state, before.state);
  // A beat is read in the first cycle in which it is offered.
  const bool offered_before = machine().outputs(before).valid && q.sent == before.sent;
  if (machine().outputs(q).valid && !offered_before) fetch_beat(q.sent);
}

void LayerStateControl::count_run(LayerState now, LayerState before) {
  if (now == LayerState::run) run_began_ = sc_core::sc_time_stamp();
  if (before != LayerState::run) return;
  ++images_;
  run_time_ += sc_core::sc_time_stamp() - run_began_;
}

void LayerStateControl::fetch_beat(int number) {
  const int first = number * sent_.beat_width;
  const int count = std::min(sent_.beat_width, sent_.elements - first);
  beat_ = output_.read(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
}

void LayerStateControl::drive(const Outputs& outputs) {
  o_ready.write(outputs.ready);
  o_start.write(outputs.start);
  o_valid.write(outputs.valid);
  o_data.write(beat_);
}

}  // namespace cfc
