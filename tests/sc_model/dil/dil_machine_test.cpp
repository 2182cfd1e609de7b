// DilMachine for every small plan, every register value and every input, against
// docs/reference/timing.md, without a simulator.

#include "sc_model/dil/dil_machine.h"

#include <iostream>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/sc_model/dil/unguarded_machine.h"
#include "tests/sc_model/machine_check.h"

namespace cfc::testing {
namespace {

using Registers = DilMachine::Registers;
using Inputs = DilMachine::Inputs;

static_assert(is_moore<DilMachine>());

constexpr Inputs kInputs[]{{false, 0}, {true, 7}, {true, -9}};

template <typename Machine>
std::vector<Registers> reachable(const Machine& machine) {
  return reach<Registers>({}, [&](const Registers& q) {
    std::vector<Registers> after;
    for (const Inputs& in : kInputs) after.push_back(machine.next(q, in));
    return after;
  });
}

void check_ranges(const RowPlan& plan, const Registers& q, Findings& findings) {
  findings.expect(q.k >= 0 && q.k < plan.operations, "k out of range");
  findings.expect(q.tile >= 0 && q.tile < plan.tiles, "tile out of range");
  findings.expect(q.drain >= 0 && q.drain <= plan.product_latency + plan.requantise_latency,
                  "drain out of range");
  if (q.state != DilState::run) findings.expect(q.tile == 0, "a tile outside of Run");
  if (q.state == DilState::idle) findings.expect(q == Registers{}, "a register is not 0 in Idle");
}

/// What every register value does with every input; above all the hazard.
template <typename Machine>
void check_steps(const RowPlan& plan, const Machine& machine, Findings& findings) {
  for (const Registers& q : reachable(machine)) {
    check_ranges(plan, q, findings);
    const bool in_row = q.state == DilState::run && q.tile < plan.tiles - 1;
    for (const Inputs& in : kInputs) {
      const Registers d = machine.next(q, in);
      findings.expect(d == machine.next(q, in), "next is not a function");
      if (in_row) {
        findings.expect(d.state == DilState::run && d.operand == q.operand && d.k == q.k,
                        "the operand changes while its row is multiplied");
      } else if (in.valid && machine.outputs(q).ready) {
        findings.expect(d.state == DilState::run && d.tile == 0 && d.operand == in.z,
                        "an operand is transferred and not taken");
      } else {
        findings.expect(d.operand == q.operand || d == Registers{}, "an operand from nowhere");
      }
    }
  }
}

/// One image: whether z is offered in cycle i is bit i of `offered`, and yes after that.
template <typename Machine>
void check_run(const RowPlan& plan, const Machine& machine, unsigned offered, Findings& findings) {
  constexpr unsigned kBits = 8;
  const auto z = [](int k) { return 100 + k; };
  Registers q;
  int cycles_in_run = 0;
  int cycles_of_drain = 0;
  int transferred = 0;
  bool done = false;
  for (unsigned cycle = 0; !done && cycle < 200; ++cycle) {
    const auto out = machine.outputs(q);
    // Each z until it is taken, and then the first one of the next image.
    const Inputs in{cycle >= kBits || (offered >> cycle & 1U) != 0, z(transferred)};
    const bool waits_for_z = transferred < plan.operations &&
                             cycles_in_run == transferred * plan.tiles && q.state != DilState::run;
    const bool last_tile = q.state == DilState::run &&
                           cycles_in_run + 1 == transferred * plan.tiles &&
                           transferred < plan.operations;
    findings.expect(out.ready == (waits_for_z || last_tile), "ready in the wrong cycle");
    switch (machine.entry(q, in)) {
      case DilMachine::kRun:
        findings.expect(q.k == cycles_in_run / plan.tiles && q.tile == cycles_in_run % plan.tiles,
                        "a tile out of order");
        findings.expect(q.operand == z(q.k), "multiplied with the wrong z");
        ++cycles_in_run;
        break;
      case DilMachine::kDrain:
        ++cycles_of_drain;
        break;
      case DilMachine::kWaitDcl:
        findings.expect(waits_for_z && transferred > 0, "wait_dcl");
        break;
      case DilMachine::kIdle:
        findings.expect(transferred == 0, "idle in mid-image");
        break;
    }
    done = out.done;
    const bool complete = cycles_in_run == plan.operations * plan.tiles;
    const int drain = plan.product_latency + plan.requantise_latency;
    findings.expect(done == (complete && cycles_of_drain == drain), "done in the wrong cycle");
    if (in.valid && out.ready) ++transferred;
    q = machine.next(q, in);
  }
  findings.expect(done && transferred == plan.operations, "the image does not end");
  findings.expect(q == Registers{}, "not Idle after the image");
}

template <typename Machine>
Findings check(const RowPlan& plan) {
  const Machine machine(plan);
  Findings findings;
  check_steps(plan, machine, findings);
  for (unsigned offered = 0; offered < 256; ++offered) check_run(plan, machine, offered, findings);
  return findings;
}

TEST_CASE("DIL's machine walks its rows as the timing page says, for every small plan") {
  long checked = 0;
  for (int operations = 1; operations <= 4; ++operations)
    for (int tiles = 1; tiles <= 4; ++tiles)
      for (int latency = 0; latency <= 4; ++latency)
        for (int requantise = 0; requantise <= 1; ++requantise) {
          CAPTURE(operations, tiles, latency, requantise);
          const Findings findings = check<DilMachine>({operations, tiles, latency, requantise});
          REQUIRE(findings.fault == "");
          checked += findings.checked;
        }
  std::cout << "DilMachine: " << checked << " checks\n";
  REQUIRE(checked > 500'000);
}

/// Takes the next image's z while products of this one are on their way.
struct Impatient : DilMachine {
  using DilMachine::DilMachine;
  Outputs outputs(const Registers& q) const {
    const Outputs out = DilMachine::outputs(q);
    return {out.ready || q.state == DilState::wait, out.done};
  }
};

/// Is done without waiting for the multipliers.
struct Undrained : DilMachine {
  explicit Undrained(const RowPlan& plan) : DilMachine({plan.operations, plan.tiles, 0}) {}
};

TEST_CASE("The checks of DIL's machine see what is wrong") {
  const RowPlan plan{2, 2, 1};
  REQUIRE(check<DilMachine>(plan).fault == "");
  REQUIRE(check<UnguardedMachine>(plan).fault == "the operand changes while its row is multiplied");
  REQUIRE(check<Impatient>(plan).fault == "an operand is transferred and not taken");
  REQUIRE(check<Undrained>(plan).fault == "done in the wrong cycle");
}

}  // namespace
}  // namespace cfc::testing
