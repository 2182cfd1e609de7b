#include "sc_model/dil/dil_state_control.h"

namespace cfc {

void DilStateControl::act(const Registers& q, const Registers& /*before*/, const Inputs& /*in*/) {
  if (q.state == DilState::run) {
    if (q.tile == 0) calculator->load_operand(q.operand);
    calculator->issue(q.k, q.tile);
  }
  calculator->advance();
}

void DilStateControl::drive(const Outputs& outputs) {
  o_ready.write(outputs.ready);
  o_done.write(outputs.done);
}

}  // namespace cfc
