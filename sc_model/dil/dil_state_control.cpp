#include "sc_model/dil/dil_state_control.h"

namespace cfc {

DilStateControl::DilStateControl(const sc_core::sc_module_name& name, const RowPlan& plan)
    : Controller(name, {"idle", "run", "wait_dcl", "drain"}), plan_(plan) {}

void DilStateControl::end_of_elaboration() {
  Controller::end_of_elaboration();
  wake_on(i_valid.value_changed_event());
}

/// In any other cycle V-MC still multiplies with the operand that it has.
bool DilStateControl::accepts() const {
  switch (q_.state) {
    case DilState::idle:
      return true;
    case DilState::wait:
      return !in_last_operation();
    case DilState::run:
      return in_last_tile() && !in_last_operation();
  }
  return false;
}

bool DilStateControl::done() const {
  return q_.state != DilState::idle && in_last_operation() && in_last_tile() && q_.drain == 0;
}

void DilStateControl::clear() {
  q_ = Registers{};
  drive();
}

int DilStateControl::entry() const {
  switch (q_.state) {
    case DilState::idle:
      return kIdle;
    case DilState::run:
      return kRun;
    case DilState::wait:
      return in_last_operation() ? kDrain : kWaitDcl;
  }
  return kIdle;
}

void DilStateControl::advance() {
  const bool transfer = i_valid.read() && accepts();
  const bool at_rest = q_.state != DilState::run && q_.drain == 0 && !done();
  if (done()) {
    q_ = Registers{};
  } else if (transfer) {
    begin_operation(q_.state == DilState::idle ? 0 : q_.operation + 1);
  } else if (!at_rest) {
    next_cycle();
  }
  calculator->advance();
  drive();
  if (at_rest && !transfer) sleep();
}

void DilStateControl::next_cycle() {
  if (q_.drain > 0) --q_.drain;
  if (q_.state == DilState::run && !in_last_tile()) {
    issue_tile(q_.tile + 1);
  } else {
    q_.state = DilState::wait;
  }
}

void DilStateControl::begin_operation(int operation) {
  q_.state = DilState::run;
  q_.operation = operation;
  calculator->load_operand(i_z.read());
  issue_tile(0);
}

void DilStateControl::issue_tile(int tile) {
  q_.tile = tile;
  q_.drain = plan_.multiply_latency;
  calculator->issue(q_.operation, tile);
}

void DilStateControl::drive() {
  o_ready.write(accepts());
  o_done.write(done());
}

const char* to_string(DilState state) {
  switch (state) {
    case DilState::idle:
      return "Idle";
    case DilState::run:
      return "Run";
    case DilState::wait:
      return "Wait";
  }
  return "?";
}

}  // namespace cfc
