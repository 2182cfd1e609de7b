// The shell round a machine: in every cycle a block shows what the machine has come to, walked edge
// by edge, although the block sleeps.

#include "sc_model/hardware/state_control.h"

#include <string>

#include <gtest/gtest.h>

#include "sc_model/hardware/registered_out.h"
#include "tests/helpers/clocked_bench.h"
#include "tests/helpers/isolated.h"
#include "tests/helpers/random_networks.h"
#include "tests/sc_model/twin.h"

namespace cfc::testing {
namespace {

/// Runs for seven cycles after a start, and rests in its last state while it is held there.
struct Timer {
  static constexpr int kLength = 7;
  static constexpr const char* kStates[] = {"Idle", "Run", "Last"};
  enum Entry { kIdle, kRun, kLast, kHeld };
  static constexpr const char* kEntries[] = {"idle", "run", "last", "held"};

  enum class State { idle, run, last };
  struct Registers {
    State state{State::idle};
    int count{0};
    friend bool operator==(const Registers& a, const Registers& b) {
      return a.state == b.state && a.count == b.count;
    }
  };
  struct Inputs {
    bool start{};
    bool hold{};
  };
  struct Outputs {
    bool busy{};
    bool last{};
  };

  Registers next(const Registers& q, const Inputs& in) const {
    switch (q.state) {
      case State::idle:
        return in.start ? Registers{State::run, 0} : q;
      case State::run:
        return {q.count == kLength - 1 ? State::last : State::run, q.count + 1};
      case State::last:
        break;
    }
    return in.hold ? q : Registers{};
  }
  Outputs outputs(const Registers& q) const {
    return {q.state != State::idle, q.state == State::last};
  }
  Entry entry(const Registers& q, const Inputs& in) const {
    if (q.state == State::idle) return kIdle;
    if (q.state == State::run) return kRun;
    return in.hold ? kHeld : kLast;
  }
  int steady_cycles(const Registers& q) const {
    return q.state == State::run ? kLength - q.count : 1;
  }
  static Registers after(Registers q, int cycles) {
    q.count += cycles;
    return q;
  }
};

/// Sleeps for a cycle too long.
struct Oversleeper : Timer {
  int steady_cycles(const Registers& q) const {
    return q.state == State::run ? Timer::steady_cycles(q) + 1 : 1;
  }
};

/// Does not say how far it has come in its sleep.
struct Amnesiac : Timer {
  static Registers after(Registers q, int /*cycles*/) { return q; }
};

/// Never steady: it only sleeps where its registers stand.
struct Restless : Timer {
  int steady_cycles(const Registers& /*q*/) const { return 1; }
};

template <typename TimerMachine>
class TimerBlock : public StateControl<TimerBlock<TimerMachine>, TimerMachine> {
 public:
  using Base = StateControl<TimerBlock, TimerMachine>;
  sc_core::sc_in<bool> i_start{"i_start"};
  sc_core::sc_in<bool> i_hold{"i_hold"};
  RegisteredOut<bool> o_busy{"o_busy"};
  RegisteredOut<bool> o_last{"o_last"};

  explicit TimerBlock(const sc_core::sc_module_name& name) : Base(name, TimerMachine{}) {}

  int acted{0};  ///< times that the state changed
  bool acted_on_wrong_registers{false};

 private:
  friend Base;
  typename Base::Inputs inputs() const { return {i_start.read(), i_hold.read()}; }
  void act(const typename Base::Registers& q, const typename Base::Registers& before,
           const typename Base::Inputs& in) {
    if (q.state != before.state) ++acted;
    if (!(Timer{}.next(before, in) == q)) acted_on_wrong_registers = true;
  }
  void drive(const typename Base::Outputs& outputs) {
    o_busy.write(outputs.busy);
    o_last.write(outputs.last);
  }
};

/// One block under a clock that rests, and one under an sc_clock, with the same inputs.
template <typename Machine>
struct Bench : ClockedBench {
  explicit Bench(const sc_core::sc_module_name& name) : ClockedBench(name) {
    clock(rested);
    ticked.i_clk(sc_clock);
    ticked.i_rst_n(rst_n);
    connect(rested, busy, last);
    connect(ticked, ticked_busy, ticked_last);
  }

  void connect(TimerBlock<Machine>& block, sc_core::sc_signal<bool>& its_busy,
               sc_core::sc_signal<bool>& its_last) {
    block.i_start(start);
    block.i_hold(hold);
    block.o_busy(its_busy);
    block.o_last(its_last);
  }

  void reset_both() {
    rst_n.write(false);
    reset();
    rst_n.write(true);
  }

  sc_core::sc_clock sc_clock{"sc_clock", period(), 0.5, 0.5 * period()};
  sc_core::sc_signal<bool> rst_n{"rst_n"};
  sc_core::sc_signal<bool> start{"start"};
  sc_core::sc_signal<bool> hold{"hold"};
  sc_core::sc_signal<bool> busy{"busy"};
  sc_core::sc_signal<bool> last{"last"};
  sc_core::sc_signal<bool> ticked_busy{"ticked_busy"};
  sc_core::sc_signal<bool> ticked_last{"ticked_last"};
  TimerBlock<Machine> rested{"rested"};
  TimerBlock<Machine> ticked{"ticked"};
};

constexpr int kCycles = 3000;

/// What differs between the blocks and the machine walked edge by edge, and how often the first
/// block ran.
template <typename Machine>
std::string differences(std::uint64_t seed, std::uint64_t& activations) {
  Generator generator(seed);
  Bench<Machine> bench("bench");
  Twin<TimerBlock<Machine>> rested(bench.rested);
  Twin<TimerBlock<Machine>> ticked(bench.ticked);
  Findings findings;
  int changes = 0;
  typename Machine::Inputs in;
  for (int cycle = 0; cycle < kCycles; ++cycle) {
    if (cycle == 0 || uniform(generator, 0, 99) == 0) {
      bench.reset_both();
      rested.reset();
      ticked.reset();
    } else {
      const auto before = rested.registers();
      bench.cycle();
      rested.step(in);
      ticked.step(in);
      if (rested.registers().state != before.state) ++changes;
    }
    rested.compare(findings);
    ticked.compare(findings);
    const auto out = rested.outputs();
    findings.expect(bench.busy == out.busy && bench.ticked_busy == out.busy, "o_busy");
    findings.expect(bench.last == out.last && bench.ticked_last == out.last, "o_last");
    if (uniform(generator, 0, 9) == 0) in.start = !in.start;
    if (uniform(generator, 0, 9) == 0) in.hold = !in.hold;
    bench.start = in.start;
    bench.hold = in.hold;
  }
  for (const auto* block : {&bench.rested, &bench.ticked}) {
    findings.expect(block->acted == changes, "a change of state was not acted on");
    findings.expect(!block->acted_on_wrong_registers, "acted on the wrong registers");
  }
  activations = bench.rested.activations();
  return findings.fault;
}

TEST(StateControl, SleepsAndLooksAwakeInEveryCycle) {
  const std::uint64_t first = test_seed();
  for (std::uint64_t seed = first; seed < first + 20; ++seed) {
    EXPECT_EQ(isolated([&]() -> std::string {
                std::uint64_t activations = 0;
                const std::string wrong = differences<Timer>(seed, activations);
                return activations < kCycles * 2 / 3 ? wrong : wrong + "it hardly slept";
              }),
              "")
        << "seed " << seed;
  }
}

TEST(StateControl, WithoutSteadyCyclesLooksTheSame) {
  EXPECT_EQ(isolated([] {
              std::uint64_t activations = 0;
              return differences<Restless>(test_seed(), activations);
            }),
            "");
}

TEST(StateControl, AMachineThatIsWrongAboutItsSleepIsSeen) {
  std::uint64_t activations = 0;
  EXPECT_NE(isolated([&] { return differences<Oversleeper>(test_seed(), activations); }), "");
  EXPECT_EQ(isolated([&] { return differences<Amnesiac>(test_seed(), activations); }),
            "the registers");
}

}  // namespace
}  // namespace cfc::testing
