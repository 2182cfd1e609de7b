#include "sc_model/hardware/controller.h"

#include <utility>

namespace cfc {

Controller::Controller(const sc_core::sc_module_name& name, std::vector<const char*> ledger_entries)
    : ClockedModule(name), ledger_(std::move(ledger_entries)) {}

Signal state_signal(const Controller& control) {
  constexpr int kStateBits = 2;  // of every controller in the RTL, MCM's two states included
  return {"r_state", kStateBits, SignalKind::state,    [&control] { return control.state_code(); },
          {},        {},         control.state_names()};
}

}  // namespace cfc
