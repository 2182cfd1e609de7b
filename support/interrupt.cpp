#include "support/interrupt.h"

#include <csignal>

namespace cfc {
namespace {

volatile std::sig_atomic_t interrupt_seen = 0;

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupt_seen = 1; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool interrupted() { return interrupt_seen != 0; }

void throw_if_interrupted(const std::string& what_became) {
  if (interrupted()) throw Interrupted("interrupted: " + what_became);
}

}  // namespace cfc
