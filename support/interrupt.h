#pragma once

#include <stdexcept>
#include <string>

namespace cfc {

/// The user has interrupted the program. Its message says what became of the work.
class Interrupted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// From now on the first SIGINT or SIGTERM only sets `interrupted`; a second one ends the program.
void catch_interrupts();

/// True once the user has interrupted the program; workers see it as well.
bool interrupted();

/// Throws Interrupted if the user has interrupted the program.
void throw_if_interrupted(const std::string& what_became);

}  // namespace cfc
