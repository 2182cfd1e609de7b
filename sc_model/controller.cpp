#include "sc_model/controller.h"

#include <utility>

namespace cfc {

Controller::Controller(const sc_core::sc_module_name& name, std::vector<const char*> ledger_entries)
    : ClockedModule(name), ledger_(std::move(ledger_entries)) {}

void Controller::reset() {
  in_reset_ = true;
  clear();
}

void Controller::on_clock() {
  if (in_reset_) {
    in_reset_ = false;
    ledger_.skip();
  } else {
    ledger_.book(entry());
  }
  advance();
}

/// The cycles slept through end here; the one that begins is booked when it is over.
void Controller::on_wake() {
  if (!in_reset_) ledger_.book(quiet_entry());
}

}  // namespace cfc
