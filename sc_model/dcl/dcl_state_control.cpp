#include "sc_model/dcl/dcl_state_control.h"

namespace cfc {

void DclStateControl::act(const Registers& q, const Registers& /*before*/, const Inputs& /*in*/) {
  const bool offers = machine().offers(q);
  const bool is_registered = machine().plan().requantise_latency > 0;
  if (machine().issues(q)) calculator->issue(q.k, q.tile);
  // What the accumulator's register has does not yet hold the tile that retires now.
  if (offers && is_registered) calculator->offer(q.result_k);
  if (machine().retires(q)) calculator->retire(q.retire_tile);
  if (offers && !is_registered) calculator->offer(q.result_k);
}

void DclStateControl::drive(const Outputs& outputs) {
  o_valid.write(outputs.valid);
  o_done.write(outputs.done);
}

}  // namespace cfc
