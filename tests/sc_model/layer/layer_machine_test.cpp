// LayerMachine and McmMachine, fed with the same beats, with every engine and every behaviour of
// the links, against docs/reference/timing.md, without a simulator.

#include "sc_model/layer/layer_machine.h"

#include <iostream>
#include <vector>

#include <catch2/catch.hpp>

#include "sc_model/mcm/mcm_machine.h"
#include "tests/sc_model/machine_check.h"

namespace cfc::testing {
namespace {

static_assert(is_moore<LayerMachine>());
static_assert(is_moore<McmMachine>());

constexpr int kImages = 5;  // told apart by their number modulo this; more than can be in a layer

/// Both controllers, and what the test keeps of the images on their way: which beat lies in which
/// place of the input buffers, and what has come in and gone out.
struct Shell {
  LayerMachine::Registers layer;
  McmMachine::Registers mcm;
  std::vector<int> places;  ///< image that the beat there is of, buffer after buffer; -1: none
  int image_in{0};          ///< that is being loaded
  int beat_in{0};
  int image_run{0};  ///< that the engine computes, or will next
  int image_out{0};  ///< that is being sent
  int beat_out{0};
  int results{0};  ///< announced for the image in computation

  friend bool operator==(const Shell& a, const Shell& b) {
    return a.layer == b.layer && a.mcm == b.mcm && a.places == b.places &&
           a.image_in == b.image_in && a.beat_in == b.beat_in && a.image_run == b.image_run &&
           a.image_out == b.image_out && a.beat_out == b.beat_out && a.results == b.results;
  }
  int complete() const { return (image_in - image_run + kImages) % kImages; }
  int inside() const { return (image_in - image_out + kImages) % kImages; }
};

int next_image(int image) { return (image + 1) % kImages; }

template <typename Layer, typename Mcm>
class Check {
 public:
  explicit Check(const LinkPlan& plan)
      : plan_(plan), layer_(plan), mcm_(plan.input_beats, plan.input_buffers) {}

  Findings run() {
    Shell start;
    start.places.assign(static_cast<std::size_t>(plan_.input_beats * plan_.input_buffers), -1);
    const auto shells =
        reach<Shell>(start, [this](const Shell& shell) { return successors(shell); });
    for (const Shell& shell : shells) check_drains(shell);
    return findings_;
  }

 private:
  bool is_one_by_one() const { return plan_.results == ResultOrder::one_by_one; }

  /// What an engine may do in Run: nothing, announce a result, or end with its last one.
  std::vector<LayerMachine::Inputs> inputs(const Shell& shell) const {
    std::vector<LayerMachine::Inputs> all;
    for (const bool valid : {false, true}) {
      for (const bool ready : {false, true}) {
        all.push_back({valid, false, false, ready});
        if (shell.layer.state != LayerState::run) continue;
        const bool is_last = shell.results == plan_.output_beats - 1;
        if (is_one_by_one()) {
          all.push_back({valid, true, is_last, ready});
        } else {
          all.push_back({valid, false, true, ready});
        }
      }
    }
    return all;
  }

  std::vector<Shell> successors(const Shell& shell) {
    check_registers(shell);
    // The first fault stands; what follows from it may have no end.
    if (!findings_.fault.empty()) return {};
    std::vector<Shell> all;
    for (const LayerMachine::Inputs& in : inputs(shell)) {
      check_entry(shell, in);
      all.push_back(step(shell, in));
    }
    return all;
  }

  Shell step(const Shell& shell, const LayerMachine::Inputs& in) {
    const auto out = layer_.outputs(shell.layer);
    const bool loads = in.valid && out.ready;
    Shell after = shell;
    after.layer = layer_.next(shell.layer, in);
    after.mcm = mcm_.next(shell.mcm, {loads, in.done});
    findings_.expect(after.layer == layer_.next(shell.layer, in), "next is not a function");
    if (loads) load(shell, after);
    if (in.result) ++after.results;
    if (in.done) {
      after.image_run = next_image(shell.image_run);
      after.results = 0;
    }
    const bool sends_last = in.ready && out.valid && shell.beat_out == plan_.output_beats - 1;
    if (in.ready && out.valid) after.beat_out = (shell.beat_out + 1) % plan_.output_beats;
    if (sends_last) after.image_out = next_image(shell.image_out);
    findings_.expect(sends_last == (shell.layer.state == LayerState::send &&
                                    after.layer.state != LayerState::send),
                     "Send does not end with the last beat");
    findings_.expect(
        (out.start && shell.layer.state == LayerState::load) ==
            (after.layer.state == LayerState::run && shell.layer.state != LayerState::run),
        "Run does not follow o_start");
    return after;
  }

  void load(const Shell& shell, Shell& after) const {
    const auto place = shell.mcm.fill * plan_.input_beats + shell.mcm.load_beat;
    after.places[static_cast<std::size_t>(place)] = shell.image_in;
    after.beat_in = (shell.beat_in + 1) % plan_.input_beats;
    if (after.beat_in == 0) after.image_in = next_image(shell.image_in);
  }

  void check_registers(const Shell& shell) {
    const auto& q = shell.layer;
    const auto expect = [this](bool holds, const char* what) { findings_.expect(holds, what); };
    expect(q.full >= 0 && q.full <= plan_.input_buffers, "full out of range");
    expect(q.made >= 0 && q.made <= plan_.output_beats, "made out of range");
    expect(q.sent >= 0 && q.sent < plan_.output_beats, "sent out of range");
    expect(q.sent <= q.made, "sent before it was made");
    expect(q.full == shell.mcm.complete && q.load_beat == shell.mcm.load_beat,
           "L-SCM and MCM disagree");
    expect(q.full == shell.complete() && q.load_beat == shell.beat_in, "an image is lost");
    expect(shell.inside() == q.full + (q.state == LayerState::send ? 1 : 0),
           "an image is inside that is in no buffer");
    if (q.state == LayerState::idle) {
      expect(q.full == 0 && q.load_beat == 0, "Idle while an image waits");
    }
    if (q.state == LayerState::run) expect(q.full > 0, "Run without an image");
    expect((shell.mcm.state == MemoryState::read) == (shell.complete() > 0), "MCM's state");
    check_outputs(shell);
    if (shell.complete() > 0) check_read_buffer(shell);
  }

  void check_outputs(const Shell& shell) {
    const auto& q = shell.layer;
    const auto out = layer_.outputs(q);
    findings_.expect(out.ready == (shell.complete() < plan_.input_buffers), "o_ready");
    findings_.expect(out.start == (q.state == LayerState::load && q.full > 0), "o_start");
    const bool valid = is_one_by_one() ? q.sent < q.made : q.state == LayerState::send;
    findings_.expect(out.valid == valid, "o_valid");
  }

  /// Every beat of the oldest complete image is where the engine reads.
  void check_read_buffer(const Shell& shell) {
    for (int beat = 0; beat < plan_.input_beats; ++beat) {
      const auto place = mcm_.outputs(shell.mcm).read * plan_.input_beats + beat;
      findings_.expect(shell.places[static_cast<std::size_t>(place)] == shell.image_run,
                       "a beat of another image stands where the engine reads");
    }
  }

  void check_entry(const Shell& shell, const LayerMachine::Inputs& in) {
    const auto& q = shell.layer;
    const auto out = layer_.outputs(q);
    const bool takes = in.valid && out.ready;
    const bool sends = in.ready && out.valid;
    LayerMachine::Entry expected = LayerMachine::kIdle;
    if (q.state == LayerState::load) {
      expected = takes || out.start ? LayerMachine::kLoad : LayerMachine::kWaitInput;
    }
    if (q.state == LayerState::run) expected = LayerMachine::kRun;
    if (q.state == LayerState::send) {
      expected = sends ? LayerMachine::kSend : LayerMachine::kWaitNext;
    }
    findings_.expect(layer_.entry(q, in) == expected, "the ledger's entry");
    findings_.expect(mcm_.entry(shell.mcm, {}) ==
                         (shell.complete() > 0 ? McmMachine::kRead : McmMachine::kWrite),
                     "MCM's entry");
  }

  /// Where no more beats come, the engine ends and the next layer takes everything, all complete
  /// images leave, and soon: a cycle for Load, the results, and the beats.
  void check_drains(Shell shell) {
    const int patience = (plan_.input_buffers + 1) * (2 + 2 * plan_.output_beats);
    for (int cycle = 0; cycle < patience && findings_.fault.empty(); ++cycle) {
      const bool runs = shell.layer.state == LayerState::run;
      const bool is_last = !is_one_by_one() || shell.results == plan_.output_beats - 1;
      shell = step(shell, {false, runs && is_one_by_one(), runs && is_last, true});
    }
    if (!findings_.fault.empty()) return;
    findings_.expect(shell.inside() == 0, "an image never leaves");
    const LayerState rest = shell.beat_in > 0 ? LayerState::load : LayerState::idle;
    findings_.expect(shell.layer.state == rest, "the layer does not come to rest");
  }

  LinkPlan plan_;
  Layer layer_;
  Mcm mcm_;
  Findings findings_;
};

template <typename Layer, typename Mcm>
std::string fault_of(const LinkPlan& plan) {
  return Check<Layer, Mcm>(plan).run().fault;
}

TEST_CASE("L-SCM and MCM lose no image, whatever links and engine do, for every small plan") {
  long checked = 0;
  for (int input_beats = 1; input_beats <= 3; ++input_beats)
    for (int output_beats = 1; output_beats <= 3; ++output_beats)
      for (int buffers = 1; buffers <= 2; ++buffers)
        for (const ResultOrder results : {ResultOrder::one_by_one, ResultOrder::all_at_once}) {
          CAPTURE(input_beats, output_beats, buffers, static_cast<int>(results));
          const LinkPlan plan{input_beats, output_beats, buffers, results};
          const Findings findings = Check<LayerMachine, McmMachine>(plan).run();
          REQUIRE(findings.fault == "");
          checked += findings.checked;
        }
  std::cout << "LayerMachine and McmMachine: " << checked << " checks\n";
  REQUIRE(checked > 100'000);
}

/// Forgets the image that came while it sent.
struct Forgetful : LayerMachine {
  using LayerMachine::LayerMachine;
  Registers next(const Registers& q, const Inputs& in) const {
    Registers d = LayerMachine::next(q, in);
    if (q.state == LayerState::send && d.state == LayerState::load) d.state = LayerState::idle;
    return d;
  }
};

/// Takes a beat more than there are buffers for.
struct Greedy : LayerMachine {
  explicit Greedy(const LinkPlan& plan)
      : LayerMachine({plan.input_beats, plan.output_beats, plan.input_buffers + 1, plan.results}) {}
};

/// Offers a result that is not there yet.
struct Premature : LayerMachine {
  using LayerMachine::LayerMachine;
  Outputs outputs(const Registers& q) const {
    Outputs out = LayerMachine::outputs(q);
    out.valid = out.valid || q.state == LayerState::run;
    return out;
  }
};

/// Reads the same buffer for ever.
struct Stuck : McmMachine {
  using McmMachine::McmMachine;
  Registers next(const Registers& q, const Inputs& in) const {
    Registers d = McmMachine::next(q, in);
    d.read = 0;
    return d;
  }
};

/// Fills the buffer that is read.
struct Overwriting : McmMachine {
  using McmMachine::McmMachine;
  Registers next(const Registers& q, const Inputs& in) const {
    Registers d = McmMachine::next(q, in);
    d.fill = d.read;
    return d;
  }
};

TEST_CASE("The checks of L-SCM's and MCM's machines see what is wrong") {
  const LinkPlan plan{2, 2, 2, ResultOrder::one_by_one};
  REQUIRE(fault_of<LayerMachine, McmMachine>(plan) == "");
  REQUIRE(fault_of<Forgetful, McmMachine>(plan) == "Idle while an image waits");
  REQUIRE(fault_of<Greedy, McmMachine>(plan) == "o_ready");
  REQUIRE(fault_of<Premature, McmMachine>(plan) == "o_valid");
  REQUIRE(fault_of<LayerMachine, Stuck>(plan) ==
          "a beat of another image stands where the engine reads");
  REQUIRE(fault_of<LayerMachine, Overwriting>(plan) ==
          "a beat of another image stands where the engine reads");
}

}  // namespace
}  // namespace cfc::testing
