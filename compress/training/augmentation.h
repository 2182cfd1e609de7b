#pragma once

#include <ATen/core/Tensor.h>

#include "compress/training/trainer.h"

namespace cfc::compress {

/// Small random motions that leave an image what it is.
struct Augmentation {
  int shift{0};        ///< whole pixels at most, in x and y
  double rotation{0};  ///< degrees at most, either way

  bool moves() const { return shift != 0 || rotation != 0.0; }
};

/// Each of `images` (images x pixels, square, bytes) moved at random; what comes in from outside is
/// 0. Throws InputError if the images are not square.
at::Tensor moved(const at::Tensor& images, const Augmentation& augmentation);

/// Moves the images anew for every epoch of a training. Put it between the training and who looks
/// on.
class Augmenter : public Observer {
 public:
  /// `images` are those that are trained on. They change in place.
  Augmenter(at::Tensor images, const Augmentation& augmentation, Observer& next);

  void batch_done() override { next_.batch_done(); }
  void epoch_done(const EpochReport& report) override;
  void resumed(std::int64_t batches) override;

 private:
  void move();

  at::Tensor images_;
  at::Tensor originals_;  ///< bytes
  Augmentation augmentation_;
  Observer& next_;
};

}  // namespace cfc::compress
