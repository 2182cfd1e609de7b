#pragma once

#include <chrono>
#include <string>

#include "compress/training/trainer.h"

namespace cfc::compress {

/// Tells on standard error how training goes: one line that is rewritten on a terminal, a line an
/// epoch elsewhere.
class Progress : public Observer {
 public:
  explicit Progress(std::string stage);
  ~Progress() override;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void batch_done() override;
  void epoch_done(const EpochReport& report) override;

 private:
  std::string stage_;
  bool terminal_;
  bool line_open_{false};
  int epochs_here_{0};
  std::chrono::steady_clock::time_point start_;
};

}  // namespace cfc::compress
