#pragma once

#include <cstdint>

#include "sc_model/hardware/counter.h"
#include "sc_model/layer/engine/result_order.h"

namespace cfc {

/// What crosses the layer's links for one image, in beats.
struct LinkPlan {
  int input_beats{1};
  int output_beats{1};
  int input_buffers{1};
  ResultOrder results{ResultOrder::one_by_one};
};

enum class LayerState : std::uint8_t { idle, load, run, send };

/// L-SCM (sec. 3.1; docs/reference/timing.md, L-SCM): the layer's state, from the engine's, and
/// both links. It sends each result that is announced as soon as it can, and all that are left when
/// the engine is done. RTL twin: rtl_ref/layer/layer_state_control.v
class LayerMachine {
 public:
  static constexpr const char* kStates[] = {"Idle", "Load", "Run", "Send"};
  enum Entry { kIdle, kLoad, kWaitInput, kRun, kSend, kWaitNext };
  static constexpr const char* kEntries[] = {"idle", "load", "wait_input",
                                             "run",  "send", "wait_next"};

  struct Registers {
    LayerState state{LayerState::idle};
    int full{0};       ///< complete input buffers, the one in computation included
    int load_beat{0};  ///< the beat that is expected next
    int made{0};       ///< beats of results in the output memory
    int sent{0};       ///< beats sent
    friend bool operator==(const Registers& a, const Registers& b) {
      return a.state == b.state && a.full == b.full && a.load_beat == b.load_beat &&
             a.made == b.made && a.sent == b.sent;
    }
  };
  struct Inputs {
    bool valid{};   ///< input link
    bool result{};  ///< one more result is in the output memory
    bool done{};    ///< the engine's last cycle: all results are there
    bool ready{};   ///< output link
  };
  struct Outputs {
    bool ready{};  ///< input link
    bool start{};  ///< to the engine
    bool valid{};  ///< output link
  };

  explicit LayerMachine(const LinkPlan& plan) : plan_(plan) {}

  Registers next(const Registers& q, const Inputs& in) const;
  Outputs outputs(const Registers& q) const {
    return {q.full < plan_.input_buffers, q.state == LayerState::load && q.full > 0,
            q.sent < q.made};
  }
  Entry entry(const Registers& q, const Inputs& in) const;

  const LinkPlan& plan() const { return plan_; }

 private:
  LayerState next_state(const Registers& q, const Inputs& in, bool loads, bool sent_all) const;

  LinkPlan plan_;
};

inline LayerMachine::Registers LayerMachine::next(const Registers& q, const Inputs& in) const {
  const Outputs out = outputs(q);
  const bool loads = in.valid && out.ready;
  const bool sends = in.ready && out.valid;
  const bool done = q.state == LayerState::run && in.done;
  const bool sent_all = q.state == LayerState::send && sends && q.sent == plan_.output_beats - 1;

  Registers d = q;
  if (loads && count_up(d.load_beat, plan_.input_beats)) ++d.full;
  if (done) --d.full;
  if (sends) d.sent = count(q.sent, plan_.output_beats);
  if (sent_all) {
    d.made = 0;
  } else if (plan_.results == ResultOrder::all_at_once) {
    if (done) d.made = plan_.output_beats;
  } else if (q.state == LayerState::run && in.result) {
    ++d.made;
  }
  d.state = next_state(q, in, loads, sent_all);
  return d;
}

inline LayerState LayerMachine::next_state(const Registers& q, const Inputs& in, bool loads,
                                           bool sent_all) const {
  switch (q.state) {
    case LayerState::idle:
      return loads ? LayerState::load : q.state;
    case LayerState::load:
      return q.full > 0 ? LayerState::run : q.state;
    case LayerState::run:
      return in.done ? LayerState::send : q.state;
    case LayerState::send: {
      const bool next_image = q.full > 0 || q.load_beat > 0 || loads;
      if (!sent_all) return q.state;
      return next_image ? LayerState::load : LayerState::idle;
    }
  }
  return q.state;
}

inline LayerMachine::Entry LayerMachine::entry(const Registers& q, const Inputs& in) const {
  const Outputs out = outputs(q);
  switch (q.state) {
    case LayerState::idle:
      return kIdle;
    case LayerState::load:
      return (in.valid && out.ready) || out.start ? kLoad : kWaitInput;
    case LayerState::run:
      return kRun;
    case LayerState::send:
      return in.ready && out.valid ? kSend : kWaitNext;
  }
  return kIdle;
}

}  // namespace cfc
