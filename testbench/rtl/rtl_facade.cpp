// Plain C functions round a Verilated `lockstep_top`. Compiled with each design, apart from cfcsim:
// no header of Verilator meets one of SystemC.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "Vlockstep_top.h"
#include "verilated.h"

namespace {

struct Design {
  VerilatedContext context;
  Vlockstep_top top{&context};
};

Design& design(void* handle) { return *static_cast<Design*>(handle); }

}  // namespace

extern "C" {

/// The first evaluation reads the contents of the memories.
void* rtl_open() {
  auto* opened = new Design;
  opened->top.eval();
  return opened;
}

void rtl_close(void* handle) {
  design(handle).top.final();
  delete &design(handle);
}

/// `controls` has the size of i_controls; `data` are the `bytes` bytes of i_data, lowest first.
void rtl_set_inputs(void* handle, int reset_n, const std::uint32_t* controls,
                    const std::uint8_t* data, std::size_t bytes) {
  Vlockstep_top& top = design(handle).top;
  top.i_rst_n = static_cast<CData>(reset_n);
  std::memcpy(&top.i_controls, controls, sizeof top.i_controls);
  std::memcpy(&top.i_data, data, bytes);
  top.i_clk = 0;
  top.eval();
}

void rtl_observe(void* handle, std::int32_t* observed) {
  const Vlockstep_top& top = design(handle).top;
  std::memcpy(observed, &top.o_observed, sizeof top.o_observed);
}

void rtl_clock(void* handle) {
  Vlockstep_top& top = design(handle).top;
  top.i_clk = 1;
  top.eval();
  top.i_clk = 0;
  top.eval();
}
}
