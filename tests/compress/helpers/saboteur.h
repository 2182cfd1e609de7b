#pragma once

#include <stdexcept>

#include "compress/training/trainer.h"

namespace cfc::testing {

/// Batches after which no training is sabotaged.
inline constexpr int kNever = -1;

/// Ends the training by an exception in the middle of an epoch.
class Saboteur : public compress::Observer {
 public:
  explicit Saboteur(int batches) : left_(batches) {}
  void batch_done() override {
    if (--left_ == 0) throw std::runtime_error("sabotage");
  }
  void epoch_done(const compress::EpochReport& report) override { last = report; }

  compress::EpochReport last{};

 private:
  int left_;
};

}  // namespace cfc::testing
