#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include "support/worker_processes.h"

namespace cfc::testing {

/// Runs a check that elaborates SystemC in a process of its own (the kernel allows one elaboration
/// a process) and returns what the check found wrong: "" if nothing. A crash counts as wrong.
inline std::string isolated(const std::function<std::string()>& check) {
  try {
    return run_in_processes(
               1,
               [&](std::size_t, std::atomic<std::uint64_t>&) -> nlohmann::json { return check(); },
               [](std::uint64_t) {})
        .front();
  } catch (const std::exception& error) {
    return std::string("exception: ") + error.what();
  }
}

}  // namespace cfc::testing
