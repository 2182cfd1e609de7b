#include "compress/commands/data_notes.h"

#include <cmath>
#include <cstdio>
#include <set>
#include <tuple>

#include <ATen/TensorOperators.h>
#include <fmt/format.h>

namespace cfc::compress {
namespace {

/// Rows that are sorted by class leave a validation share that says little.
void note_classes(const Data& data) {
  const auto& labels = data.validation_bytes.labels;
  const auto held_out = static_cast<std::int64_t>(std::set(labels.begin(), labels.end()).size());
  if (labels.empty() || held_out == data.outputs) return;
  fmt::print(
      stderr,
      "note: only {} of the {} classes are among the validation vectors; shuffle the rows if "
      "they are sorted\n",
      held_out, data.outputs);
}

/// All features have one scale, that of the widest.
void note_narrow_features(const Data& data) {
  constexpr double kFew = 8;  // of 256 bytes
  const at::Tensor& images = data.training.images;
  const at::Tensor bytes =
      (std::get<0>(images.max(0)) - std::get<0>(images.min(0))).mul(std::ldexp(1, kPixelExponent));
  const auto narrow = bytes.gt(0).logical_and(bytes.lt(kFew)).sum().item<std::int64_t>();
  if (2 * narrow < data.pixels()) return;
  fmt::print(
      stderr,
      "note: {} of the {} numbers of a vector take fewer than {:.0f} of the 256 bytes; bring "
      "them to like ranges, say to mean 0 and variance 1\n",
      narrow, data.pixels(), kFew);
}

}  // namespace

void note_what_is_odd(const Data& data) {
  note_classes(data);
  note_narrow_features(data);
}

}  // namespace cfc::compress
