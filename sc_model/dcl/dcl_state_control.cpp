#include "sc_model/dcl/dcl_state_control.h"

namespace cfc {

void DclStateControl::act(const Registers& q, const Registers& /*before*/, const Inputs& /*in*/) {
  if (machine().issues(q)) calculator->issue(q.k, q.tile);
  if (machine().retires(q)) calculator->retire(q.retire_k, q.retire_tile);
}

void DclStateControl::drive(const Outputs& outputs) {
  o_valid.write(outputs.valid);
  o_done.write(outputs.done);
}

}  // namespace cfc
