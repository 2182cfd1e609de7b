#include "compress/methods/sparsity.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/ones_like.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "support/error.h"
#include "support/numbers.h"

namespace cfc::compress {
namespace {

constexpr double kRampShare = 0.6;
constexpr std::int64_t kBatchesPerStep = 20;  // choosing anew after each batch changes nothing

double ramp(double progress) { return 1.0 - std::pow(1.0 - std::min(progress, 1.0), 3); }

std::vector<std::pair<std::string, Weights*>> all_weights(Model& model) {
  std::vector<std::pair<std::string, Weights*>> all;
  for (FullyConnected& layer : model.layers) {
    if (auto* dense = std::get_if<Dense>(&layer.weights)) {
      all.emplace_back(layer.name + ".w", &dense->w);
    } else {
      auto& factors = std::get<Factorised>(layer.weights);
      all.emplace_back(layer.name + ".u", &factors.u);
      all.emplace_back(layer.name + ".v", &factors.v);
    }
  }
  return all;
}

}  // namespace

ZeroShare parse_zero_share(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  try {
    if (colon == std::string::npos || colon == 0) throw ValueError("there is no matrix");
    const double share = parse_real(text.substr(colon + 1), 0, 1);
    if (share < 1) return {text.substr(0, colon), share};
    throw ValueError("a share of 1 leaves nothing");
  } catch (const ValueError& error) {
    throw InputError(
        fmt::format("share of zeros \"{}\": {}; expected MATRIX:SHARE, as fc1.u:0.8, the share "
                    "from 0 to below 1",
                    text, error.what()));
  }
}

std::vector<ZeroShare> parse_zero_shares(const std::vector<std::string>& texts) {
  std::set<std::string> matrices;
  std::vector<ZeroShare> shares;
  for (const std::string& text : texts) {
    shares.push_back(parse_zero_share(text));
    if (!matrices.insert(shares.back().matrix).second) {
      throw InputError(
          fmt::format("share of zeros \"{}\": this matrix has one already; keep one", text));
    }
  }
  return shares;
}

Weights& find_weights(Model& model, const std::string& matrix) {
  std::vector<std::string> names;
  for (auto& [name, weights] : all_weights(model)) {
    if (name == matrix) return *weights;
    names.push_back(name);
  }
  throw InputError(fmt::format("there are no weights \"{}\": the network has {}", matrix,
                               fmt::join(names, ", ")));
}

at::Tensor prune_smallest(at::Tensor& values, double share) {
  const at::NoGradGuard no_gradients;
  const auto count = static_cast<std::int64_t>(share * static_cast<double>(values.numel()));
  at::Tensor mask = at::ones_like(values).flatten();
  mask.index_fill_(0, values.detach().abs().flatten().argsort().slice(0, 0, count), 0.0);
  mask = mask.view(values.sizes());
  values.mul_(mask);
  return mask;
}

GradualPruner::GradualPruner(Model& model, const std::vector<ZeroShare>& zeros,
                             std::int64_t batches, Observer& next)
    : ramp_batches_(std::max<std::int64_t>(
          static_cast<std::int64_t>(kRampShare * static_cast<double>(batches)), 1)),
      next_(next) {
  for (const ZeroShare& zero : zeros)
    targets_.push_back({find_weights(model, zero.matrix).value, zero.share, {}});
}

void GradualPruner::batch_done() {
  const at::NoGradGuard no_gradients;
  ++done_;
  const bool choose = done_ == 1 || done_ == ramp_batches_ ||
                      (done_ < ramp_batches_ && done_ % kBatchesPerStep == 0);
  const double progress = static_cast<double>(done_) / static_cast<double>(ramp_batches_);
  for (Target& target : targets_) {
    if (target.mask.defined()) target.values.mul_(target.mask);
    if (choose) target.mask = prune_smallest(target.values, target.share * ramp(progress));
  }
  next_.batch_done();
}

void GradualPruner::epoch_done(const EpochReport& report) {
  mask_zeros();
  next_.epoch_done(report);
}

void GradualPruner::resumed(std::int64_t batches) {
  done_ = batches;
  mask_zeros();
  next_.resumed(batches);
}

void GradualPruner::mask_zeros() {
  for (Target& target : targets_)
    target.mask = target.values.detach().ne(0).to(target.values.scalar_type());
}

}  // namespace cfc::compress
