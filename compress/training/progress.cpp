#include "compress/training/progress.h"

#include <cstdio>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "support/interrupt.h"

namespace cfc::compress {
Progress::Progress(std::string stage)
    : stage_(std::move(stage)),
      terminal_(isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  if (line_open_) std::fputc('\n', stderr);
}

void Progress::batch_done() { throw_if_interrupted("no network was written"); }

void Progress::epoch_done(const EpochReport& report) {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  const double left = elapsed.count() / ++epochs_here_ * (report.epochs - report.epoch);
  fmt::print(stderr, "{}{}: epoch {}/{}, loss {:#.4g}, validation {:#.4g}, {:.0f} s left{}",
             terminal_ ? "\r\x1b[K" : "", stage_, report.epoch, report.epochs, report.loss,
             report.validation, left, terminal_ ? "" : "\n");
  std::fflush(stderr);
  line_open_ = terminal_;
}

}  // namespace cfc::compress
