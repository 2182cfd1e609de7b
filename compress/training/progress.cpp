#include "compress/training/progress.h"

#include <csignal>
#include <cstdio>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace cfc::compress {
namespace {

volatile std::sig_atomic_t interrupted = 0;

extern "C" void note_interrupt(int /*signal*/) { interrupted = 1; }

}  // namespace

void catch_interrupts() {
  std::signal(SIGINT, note_interrupt);
  std::signal(SIGTERM, note_interrupt);
}

void throw_if_interrupted() {
  if (interrupted != 0) throw Interrupted();
}

Progress::Progress(std::string stage)
    : stage_(std::move(stage)),
      terminal_(isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  if (line_open_) std::fputc('\n', stderr);
}

void Progress::batch_done() { throw_if_interrupted(); }

void Progress::epoch_done(const EpochReport& report) {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  const double left = elapsed.count() / ++epochs_here_ * (report.epochs - report.epoch);
  fmt::print(stderr, "{}{}: epoch {}/{}, loss {:.4f}, validation {:.4f}, {:.0f} s left{}",
             terminal_ ? "\r\x1b[K" : "", stage_, report.epoch, report.epochs, report.loss,
             report.validation_accuracy, left, terminal_ ? "" : "\n");
  std::fflush(stderr);
  line_open_ = terminal_;
}

}  // namespace cfc::compress
