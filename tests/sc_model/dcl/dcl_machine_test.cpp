// DclMachine for every small plan, every register value and every input, against
// docs/reference/timing.md, without a simulator.

#include "sc_model/dcl/dcl_machine.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <tuple>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "sc_model/hardware/signal.h"
#include "tests/sc_model/machine_check.h"

namespace cfc::testing {
namespace {

using Registers = DclMachine::Registers;
using Inputs = DclMachine::Inputs;

static_assert(is_moore<DclMachine>());

constexpr Inputs kInputs[]{{false, false}, {false, true}, {true, false}, {true, true}};

/// The page's constants, derived here a second time.
struct Page {
  explicit Page(const DotProductPlan& p)
      : plan(p),
        stepped(p.issue == Issue::stepped),
        latency(p.read_latency + p.multiply_latency + p.adder_latency),
        period(stepped ? 3 + latency : 1),
        depth(stepped ? 0 : latency),
        tiles(p.operations * p.tiles) {}

  int cycles() const { return period * tiles + depth + plan.requantise_latency; }
  int issued_in(int tile) const { return period * tile; }
  int retired_in(int tile) const { return stepped ? period * (tile + 1) - 1 : tile + depth; }
  int offered_in(int result) const {
    return retired_in((result + 1) * plan.tiles - 1) + plan.requantise_latency;
  }

  DclState state(int step) const {
    if (step >= period * tiles + depth) return DclState::accumulate;
    const int position = stepped ? step % period : step;
    const int stage = stepped ? 1 : 0;
    const int compute_ends = (stepped ? 1 : tiles) + plan.read_latency;
    if (position < compute_ends) return DclState::compute;
    return position < compute_ends + stage + plan.multiply_latency ? DclState::multiply
                                                                   : DclState::accumulate;
  }

  DotProductPlan plan;
  bool stepped;
  int latency;
  int period;
  int depth;
  int tiles;
};

/// Every register, also those that == leaves out.
auto all_of(const Registers& q) {
  return std::tuple(q.state, q.step, q.phase, q.k, q.tile, q.retire_tile, q.result_k);
}
bool same(const Registers& a, const Registers& b) { return all_of(a) == all_of(b); }

template <typename Machine>
std::vector<Registers> reachable(const Machine& machine) {
  return reach<Registers>({}, [&](const Registers& q) {
    std::vector<Registers> after;
    for (const Inputs& in : kInputs) after.push_back(machine.next(q, in));
    return after;
  });
}

void check_ranges(const Page& page, const Registers& q, Findings& findings) {
  const DotProductPlan& plan = page.plan;
  findings.expect(q.step >= 0 && q.step < page.cycles(), "step out of range");
  findings.expect(q.phase == q.step % page.period, "phase is not step modulo II");
  findings.expect(q.k >= 0 && q.k < plan.operations, "k out of range");
  findings.expect(q.tile >= 0 && q.tile < plan.tiles, "tile out of range");
  findings.expect(q.result_k >= 0 && q.result_k < plan.operations, "result_k out of range");
  findings.expect(q.retire_tile >= 0 && q.retire_tile < plan.tiles, "retire_tile out of range");
  if (q.state == DclState::idle) {
    findings.expect(same(q, {}), "a register is not 0 in Idle");
  } else {
    findings.expect(q.state == page.state(static_cast<int>(q.step)),
                    "a state that the page denies");
  }
}

/// What every register value does with every input.
template <typename Machine>
void check_steps(const Page& page, const Machine& machine, Findings& findings) {
  for (const Registers& q : reachable(machine)) {
    check_ranges(page, q, findings);
    const auto out = machine.outputs(q);
    for (const Inputs& in : kInputs) {
      const Registers d = machine.next(q, in);
      findings.expect(same(d, machine.next(q, in)), "next is not a function");
      if (q.state == DclState::idle) {
        findings.expect((d.state != DclState::idle) == in.start, "Idle is left without a start");
      } else {
        findings.expect(same(d, machine.next(q, {!in.start, in.ready})),
                        "start is heard when busy");
        if (out.valid && !in.ready) findings.expect(same(d, q), "a stall does not hold");
        if (!out.valid) {
          findings.expect(d.step == q.step + 1 || d.state == DclState::idle,
                          "it stands still alone");
        }
      }
    }
  }
}

/// While a machine calls itself steady nothing is seen of it, and `after` is `next`, often enough,
/// whatever the inputs are.
template <typename Machine>
void check_steadiness(const Machine& machine, Findings& findings) {
  const auto seen = [&](const Registers& q, const Inputs& in) {
    const auto out = machine.outputs(q);
    return std::tuple(q.state, out.valid, out.done, machine.entry(q, in));
  };
  for (const Registers& q : reachable(machine)) {
    const int cycles = machine.steady_cycles(q);
    findings.expect(cycles >= 1, "steady for no cycle");
    Registers now = q;
    for (int cycle = 1; cycle < cycles; ++cycle) {
      const Registers later = machine.after(q, cycle);
      for (const Inputs& in : kInputs) {
        findings.expect(same(machine.next(now, in), later), "after is not next applied so often");
        findings.expect(seen(later, in) == seen(q, in), "something is seen in a steady cycle");
      }
      findings.expect(!machine.issues(later) && !machine.retires(later), "a tile moves unseen");
      now = later;
    }
  }
}

/// One run: whether the result that is offered in the i-th cycle of offering is taken is bit i of
/// `taken`, and yes after that.
template <typename Machine>
void check_run(const Page& page, const Machine& machine, unsigned taken, Findings& findings) {
  Registers q = machine.next({}, {true, false});
  int issued = 0;
  int retired = 0;
  int results = 0;
  int stalls = 0;
  int entries[std::size(DclMachine::kEntries)]{};
  unsigned looked_at = 0;
  const int patience = 2 * page.cycles() + 64;
  int cycle = 0;
  for (bool is_last = false; !is_last && cycle < patience; ++cycle) {
    const auto out = machine.outputs(q);
    const bool ready = !out.valid || looked_at >= 6 || (taken >> looked_at & 1U) != 0;
    if (out.valid) ++looked_at;
    const Inputs in{false, ready};
    ++entries[machine.entry(q, in)];
    const bool stands = out.valid && !ready;
    if (machine.issues(q) && !stands) {
      findings.expect(q.k * page.plan.tiles + q.tile == issued, "issued out of order");
      findings.expect(cycle - stalls == page.issued_in(issued), "issued in the wrong cycle");
      ++issued;
    }
    if (machine.retires(q) && !stands) {
      findings.expect(q.retire_tile == retired % page.plan.tiles, "retired out of order");
      findings.expect(cycle - stalls == page.retired_in(retired), "retired in the wrong cycle");
      ++retired;
    }
    findings.expect(out.valid == (cycle - stalls == page.offered_in(results)),
                    "a partial sum is offered");
    findings.expect(out.done == (out.valid && results == page.plan.operations - 1),
                    "done is not the last result's");
    if (out.valid && !stands) findings.expect(q.result_k == results++, "offered out of order");
    is_last = out.done && ready;
    if (stands) ++stalls;
    q = machine.next(q, in);
  }
  findings.expect(issued == page.tiles && retired == page.tiles, "a tile is lost");
  findings.expect(results == page.plan.operations, "a result is lost");
  findings.expect(cycle == page.cycles() + stalls, "it does not take II N + D");
  findings.expect(q.state == DclState::idle, "not Idle after the last result");

  const int fill = page.stepped ? 0 : std::min(page.tiles, page.depth);
  const int compute = page.stepped ? page.tiles * (1 + page.plan.read_latency) : page.tiles - fill;
  const int multiply = page.stepped ? page.tiles * (1 + page.plan.multiply_latency) : 0;
  const int last_result = page.plan.requantise_latency;
  const int accumulate =
      page.stepped ? page.tiles * (1 + page.plan.adder_latency) + last_result : 0;
  findings.expect(entries[DclMachine::kIdle] == 0, "idle while it runs");
  findings.expect(entries[DclMachine::kWaitDil] == stalls, "wait_dil");
  findings.expect(entries[DclMachine::kCompute] == compute, "compute");
  findings.expect(entries[DclMachine::kMultiply] == multiply, "multiply");
  findings.expect(entries[DclMachine::kAccumulate] == accumulate, "accumulate");
  findings.expect(entries[DclMachine::kFill] == fill, "fill");
  findings.expect(entries[DclMachine::kDrain] == (page.stepped ? 0 : page.depth + last_result),
                  "drain");
}

/// Edges at which a block is looked at that sleeps while the machine is steady: at most the
/// beginnings of three states, the retirement of each tile and the result behind it.
void check_sleep_is_long(const Page& page, const DclMachine& machine, Findings& findings) {
  if (!page.stepped) return;
  int edges = 0;
  for (Registers q = machine.next({}, {true, true}); q.state != DclState::idle; ++edges) {
    q = machine.next(machine.after(q, machine.steady_cycles(q) - 1), {false, true});
  }
  const int results = page.plan.requantise_latency * page.plan.operations;
  findings.expect(edges <= 4 * page.tiles + results, "it is woken for nothing");
}

template <typename Machine>
Findings check(const DotProductPlan& plan) {
  const Machine machine(plan);
  const Page page(plan);
  Findings findings;
  check_steps(page, machine, findings);
  check_steadiness(machine, findings);
  for (unsigned taken = 0; taken < 64; ++taken) check_run(page, machine, taken, findings);
  check_sleep_is_long(page, machine, findings);
  return findings;
}

std::vector<DotProductPlan> small_plans() {
  std::vector<DotProductPlan> all;
  for (const Issue issue : kIssues)
    for (int operations = 1; operations <= 3; ++operations)
      for (int tiles = 1; tiles <= 3; ++tiles)
        for (int latencies = 0; latencies < 54; ++latencies)
          all.push_back({operations, tiles, issue, latencies % 3, latencies / 3 % 3,
                         latencies / 9 % 3, latencies / 27});
  return all;
}

TEST_CASE(
    "kind 2, width: an index has the bits that its largest value needs, however large a shape") {
  for (const auto& [end, bits] : {std::pair{1, 1},
                                  {2, 1},
                                  {3, 2},
                                  {65'536, 16},
                                  {65'537, 17},
                                  {70'000, 17},
                                  {1 << 30, 30},
                                  {(1 << 30) + 1, 31}}) {
    CHECK(index_bits(end) == bits);
  }
}

TEST_CASE("DCL's machine walks its tiles as the timing page says, for every small plan") {
  long checked = 0;
  for (const DotProductPlan& plan : small_plans()) {
    CAPTURE(plan.operations, plan.tiles, static_cast<int>(plan.issue), plan.read_latency,
            plan.multiply_latency, plan.adder_latency, plan.requantise_latency);
    const Findings findings = check<DclMachine>(plan);
    REQUIRE(findings.fault == "");
    checked += findings.checked;
  }
  std::cout << "DclMachine: " << checked << " checks\n";
  REQUIRE(checked > 1'000'000);
}

/// Does not stand still for DIL.
struct Unstoppable : DclMachine {
  using DclMachine::DclMachine;
  Registers next(const Registers& q, const Inputs& in) const {
    return DclMachine::next(q, {in.start, true});
  }
};

/// Says that it is steady for a cycle too long.
struct Oversleeper : DclMachine {
  using DclMachine::DclMachine;
  int steady_cycles(const Registers& q) const {
    return q.state == DclState::idle ? 1 : DclMachine::steady_cycles(q) + 1;
  }
};

/// Offers every sum, also that of a part of the tiles.
struct Hasty : DclMachine {
  using DclMachine::DclMachine;
  Outputs outputs(const Registers& q) const { return {retires(q), DclMachine::outputs(q).done}; }
};

TEST_CASE("The checks of DCL's machine see what is wrong") {
  const DotProductPlan stepped{2, 2, Issue::stepped, 1, 0, 0};
  REQUIRE(check<DclMachine>(stepped).fault == "");
  REQUIRE(check<Unstoppable>(stepped).fault == "a stall does not hold");
  REQUIRE(check<Oversleeper>(stepped).fault == "after is not next applied so often");
  REQUIRE(check<Hasty>({2, 2, Issue::overlapped, 0, 0, 1}).fault == "a stall does not hold");
}

}  // namespace
}  // namespace cfc::testing
