#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace cfc {

/// Work for worker `index`; adds what it has done to `done` now and then. The result goes back to
/// the parent.
using Work = std::function<nlohmann::json(std::size_t index, std::atomic<std::uint64_t>& done)>;

/// Called every now and then with the sum of what all workers have done.
using ShowProgress = std::function<void(std::uint64_t done)>;

/// Does `work` for 0 to `count - 1`, each in a process of its own (SystemC has one simulation
/// kernel a process), and returns the results in order. An InputError or another exception of a
/// worker is thrown here again, and the others are ended; so is a std::runtime_error for a worker
/// that dies, and an InputError where no more processes can be had. An interrupt is passed on to
/// the workers; `work` asks `interrupted`. No worker outlives this process.
std::vector<nlohmann::json> run_in_processes(std::size_t count, const Work& work,
                                             const ShowProgress& show_progress);

}  // namespace cfc
