#include "sc_model/hardware/controller.h"

#include <utility>

namespace cfc {

Controller::Controller(const sc_core::sc_module_name& name, std::vector<const char*> ledger_entries)
    : ClockedModule(name), ledger_(std::move(ledger_entries)) {}

void Controller::reset() {
  in_reset_ = true;
  ledger_.skip_cycle();
  clear();
}

void Controller::on_clock() {
  if (in_reset_) {
    in_reset_ = false;
    ledger_.begin();
  } else {
    ledger_.book(entry(), [this] { return quiet_entry(); });
  }
  advance();
}

}  // namespace cfc
