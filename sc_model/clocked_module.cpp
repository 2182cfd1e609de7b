#include "sc_model/clocked_module.h"

namespace cfc {

ClockedModule::ClockedModule(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_HAS_PROCESS(ClockedModule);
  SC_METHOD(on_edge);
  sensitive << i_clk.pos();
  dont_initialize();
}

void ClockedModule::on_edge() {
  ++activations_;
  // A wake event comes after the edge that caused it: this run only re-arms the clock.
  if (!i_clk.posedge()) return;
  if (i_rst_n.read()) {
    on_clock();
  } else {
    reset();
  }
}

}  // namespace cfc
