#include "support/progress.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace cfc {

Progress::Progress(std::string unit, std::uint64_t total)
    : unit_(std::move(unit)),
      total_(total),
      on_terminal_(isatty(STDERR_FILENO) == 1),
      started_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  if (on_terminal_) fmt::print(stderr, "\r\033[K");
}

void Progress::show(std::uint64_t done) {
  if (!on_terminal_ || done == 0) return;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started_;
  const double rate = static_cast<double>(done) / elapsed.count();
  const double left = static_cast<double>(total_ - std::min(done, total_)) / rate;
  fmt::print(stderr, "\r\033[K{} of {} {}, {:.0f} a second, {:.0f} s left", done, total_, unit_,
             rate, left);
  std::fflush(stderr);
}

}  // namespace cfc
