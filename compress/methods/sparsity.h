#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compress/network/model.h"
#include "compress/training/trainer.h"

namespace cfc::compress {

/// Share of the weights of one matrix that is to be zero.
struct ZeroShare {
  std::string matrix;  ///< as in the ONNX file: "fc1.u", "fc1.v", "fc2.w"
  double share;        ///< 0 to below 1
};

/// Reads "fc1.u:0.8"; throws InputError for anything else.
ZeroShare parse_zero_share(const std::string& text);

/// Several of these; throws InputError where two name one matrix.
std::vector<ZeroShare> parse_zero_shares(const std::vector<std::string>& texts);

/// The weight matrix of that name. Throws InputError, naming those that there are.
Weights& find_weights(Model& model, const std::string& matrix);

/// Sets the smallest magnitudes of `values` to zero: `share` of all, rounded down. Zeros that are
/// there count, and stay. Returns 0 where a weight was pruned and 1 elsewhere, in the same shape.
at::Tensor prune_smallest(at::Tensor& values, double share);

/// Prunes a model by magnitude while it is trained: the share of zeros grows as
/// s (1 - (1 - t)^3) over the first 60 % of the batches; a weight that was pruned stays zero. Put
/// it between the training and who looks on.
class GradualPruner : public Observer {
 public:
  /// `batches` is how many the whole training has. Throws InputError like `find_weights`.
  GradualPruner(Model& model, const std::vector<ZeroShare>& zeros, std::int64_t batches,
                Observer& next);

  void batch_done() override;
  void epoch_done(const EpochReport& report) override;
  void resumed(std::int64_t batches) override;

 private:
  struct Target {
    at::Tensor values;
    double share;
    at::Tensor mask;
  };

  /// At the end of an epoch what is zero counts as pruned, so that the weights tell all.
  void mask_zeros();

  std::vector<Target> targets_;
  std::int64_t ramp_batches_;
  std::int64_t done_{0};
  Observer& next_;
};

}  // namespace cfc::compress
