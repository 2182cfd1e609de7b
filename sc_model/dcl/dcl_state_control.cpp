#include "sc_model/dcl/dcl_state_control.h"

#include <algorithm>

namespace cfc {
namespace {

int latency_sum(const DotProductPlan& plan) {
  return plan.read_latency + plan.multiply_latency + plan.adder_latency;
}

}  // namespace

DotProductPlan dot_product_plan(const LayerConfiguration& configuration, int operations,
                                int tiles) {
  return {operations,
          tiles,
          configuration.issue,
          configuration.read_latency,
          configuration.multiply_latency,
          configuration.adder_latency};
}

DclStateControl::DclStateControl(const sc_core::sc_module_name& name, const DotProductPlan& plan)
    : Controller(name, {"idle", "wait_dil", "compute", "multiply", "accumulate", "fill", "drain"}),
      plan_(plan),
      period_(plan.issue == Issue::overlapped ? 1 : 3 + latency_sum(plan)),
      retire_delay_(plan.issue == Issue::overlapped ? latency_sum(plan) : period_ - 1),
      compute_until_(plan.read_latency),
      multiply_until_(plan.read_latency + plan.multiply_latency +
                      (plan.issue == Issue::overlapped ? 0 : 1)) {}

void DclStateControl::end_of_elaboration() {
  Controller::end_of_elaboration();
  wake_on(i_start.value_changed_event());
  wake_on(i_ready.value_changed_event());
}

DclState DclStateControl::state() const {
  if (!q_.busy) return DclState::idle;
  if (q_.age <= compute_until_) return DclState::compute;
  return q_.age <= multiply_until_ ? DclState::multiply : DclState::accumulate;
}

TileFlow DclStateControl::tile_flow() const {
  const int asleep = q_.busy && !q_.offered ? cycles_asleep() : 0;
  return {q_.issued.operation * plan_.tiles + q_.issued.tile, q_.age + asleep,
          q_.retiring && asleep == 0};
}

void DclStateControl::clear() {
  q_ = Registers{};
  drive();
}

int DclStateControl::entry() const {
  if (!q_.busy) return kIdle;
  if (q_.offered && !i_ready.read()) return kWaitDil;
  if (plan_.issue == Issue::overlapped) {
    if (q_.age > 0) return kDrain;
    return q_.retiring ? kCompute : kFill;
  }
  return stepped_entry();
}

int DclStateControl::quiet_entry() const {
  if (!q_.busy) return kIdle;
  return q_.offered ? kWaitDil : stepped_entry();
}

int DclStateControl::stepped_entry() const {
  switch (state()) {
    case DclState::multiply:
      return kMultiply;
    case DclState::accumulate:
      return kAccumulate;
    default:
      return kCompute;
  }
}

void DclStateControl::advance() {
  if (!q_.busy) {
    if (!i_start.read()) return sleep();
    start();
  } else {
    if (q_.offered && !i_ready.read()) return sleep();
    catch_up();
    next_cycle();
  }
  drive();
  const int cycles = cycles_to_next_change();
  if (cycles > 1) sleep_for(cycles);
}

/// The cycles that it slept through while a tile was on its way.
void DclStateControl::catch_up() {
  const int skipped = q_.offered ? 0 : edges_skipped();
  q_.age += skipped;
  q_.issued.countdown -= skipped;
  q_.retired.countdown -= skipped;
}

/// Stepped, a tile spends most of its time in stages of which nothing is seen: until the next tile
/// issues, one retires, or the state changes.
int DclStateControl::cycles_to_next_change() const {
  if (!q_.busy || q_.offered || plan_.issue == Issue::overlapped) return 1;
  int cycles = q_.retired.countdown;
  if (!all_done(q_.issued)) cycles = std::min(cycles, q_.issued.countdown);
  for (const int last : {compute_until_, multiply_until_}) {
    if (q_.age <= last) cycles = std::min(cycles, last + 1 - q_.age);
  }
  return cycles;
}

void DclStateControl::start() {
  q_ = Registers{};
  q_.busy = true;
  q_.retired.countdown = retire_delay_;
  enter_cycle();
}

void DclStateControl::next_cycle() {
  q_.retiring = false;
  q_.offered = false;
  ++q_.age;
  if (all_done(q_.retired)) {
    q_ = Registers{};
    return;
  }
  --q_.issued.countdown;
  --q_.retired.countdown;
  enter_cycle();
}

/// What issues and what retires in the cycle that begins now.
void DclStateControl::enter_cycle() {
  if (q_.issued.countdown == 0 && !all_done(q_.issued)) {
    calculator->issue(q_.issued.operation, q_.issued.tile);
    step(q_.issued);
    q_.age = 0;
  }
  if (q_.retired.countdown == 0) {
    calculator->retire(q_.retired.operation, q_.retired.tile);
    step(q_.retired);
    q_.retiring = true;
    q_.offered = q_.retired.tile == 0;
  }
}

void DclStateControl::step(Walk& walk) const {
  walk.countdown = period_;
  if (++walk.tile == plan_.tiles) {
    walk.tile = 0;
    ++walk.operation;
  }
}

void DclStateControl::drive() {
  o_valid.write(q_.offered);
  o_done.write(q_.offered && all_done(q_.retired));
}

const char* to_string(DclState state) {
  switch (state) {
    case DclState::idle:
      return "Idle";
    case DclState::compute:
      return "Compute";
    case DclState::multiply:
      return "Multiply";
    case DclState::accumulate:
      return "Accumulate";
  }
  return "?";
}

}  // namespace cfc
