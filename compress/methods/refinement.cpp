#include "compress/methods/refinement.h"

#include <limits>

#include <fmt/format.h>

#include "support/error.h"
#include "support/numbers.h"

namespace cfc::compress {
namespace {

void set_width(FullyConnected& layer, int bits) {
  if (auto* dense = std::get_if<Dense>(&layer.weights)) {
    dense->w.bits = bits;
  } else {
    auto& factors = std::get<Factorised>(layer.weights);
    factors.u.bits = bits;
    factors.v.bits = bits;
  }
}

std::int64_t batches_of(const Recipe& recipe, const Samples& training) {
  return recipe.epochs * ((training.size() + recipe.batch - 1) / recipe.batch);
}

void prune_at_once(Model& model, const std::vector<ZeroShare>& zeros) {
  for (const ZeroShare& zero : zeros)
    prune_smallest(find_weights(model, zero.matrix).value, zero.share);
}

}  // namespace

Factorisation parse_factorisation(const std::string& text) {
  constexpr int kMost = std::numeric_limits<int>::max();
  const std::size_t colon = text.find(':');
  try {
    if (colon == std::string::npos) throw ValueError("there is no rank");
    Factorisation result;
    result.layer = parse_integer(text.substr(0, colon), 1, kMost);
    result.rank = parse_integer(text.substr(colon + 1), 1, kMost);
    return result;
  } catch (const ValueError& error) {
    throw InputError(
        fmt::format("factors \"{}\": {}; expected LAYER:RANK, as 1:30", text, error.what()));
  }
}

void reshape(Model& model, const Refinement& refinement) {
  for (const Factorisation& wanted : refinement.factorisations) factorise(model, wanted);
  if (refinement.weight_bits)
    for (FullyConnected& layer : model.layers) set_width(layer, *refinement.weight_bits);
  for (const ZeroShare& zero : refinement.zeros) find_weights(model, zero.matrix);
}

void refine(Model& model, const Refinement& refinement, Data& data, Observer& observer,
            const ResumableStage& stage) {
  const Recipe& recipe = refinement.recipe;
  if (recipe.epochs == 0) prune_at_once(model, refinement.zeros);
  model.calibrate(data.calibration_images());
  GradualPruner pruner(model, refinement.zeros, batches_of(recipe, data.training), observer);
  if (refinement.augmentation.moves()) {
    Augmenter augmenter(data.training.images, refinement.augmentation, pruner);
    fit(model, Arithmetic::integer, recipe, data.training, data.validation, augmenter, stage);
  } else {
    fit(model, Arithmetic::integer, recipe, data.training, data.validation, pruner, stage);
  }
}

std::string describe(const Refinement& refinement) {
  std::string text;
  for (const Factorisation& factors : refinement.factorisations)
    text += fmt::format("layer {} factorised by SVD at rank {} with {}-bit z, ", factors.layer,
                        factors.rank, factors.z_bits);
  if (refinement.weight_bits) text += fmt::format("weights of {} bits, ", *refinement.weight_bits);
  for (const ZeroShare& zero : refinement.zeros)
    text += fmt::format("{:g} of {} pruned by magnitude, ", zero.share, zero.matrix);
  const Recipe& recipe = refinement.recipe;
  text += fmt::format("quantisation-aware {} epochs (peak rate {:g}, weight decay {:g})",
                      recipe.epochs, recipe.peak_rate, recipe.weight_decay);
  if (recipe.distillation) text += " with distillation";
  const Augmentation& augmentation = refinement.augmentation;
  if (augmentation.moves())
    text += fmt::format(" on images shifted by up to {} pixels and turned by up to {:g} degrees",
                        augmentation.shift, augmentation.rotation);
  return text;
}

std::string options_of(const Refinement& refinement) {
  std::string text;
  for (const Factorisation& factors : refinement.factorisations)
    text += fmt::format(" --factorise {}:{}", factors.layer, factors.rank);
  if (!refinement.factorisations.empty())
    text += fmt::format(" --z-bits {}", refinement.factorisations.front().z_bits);
  if (refinement.weight_bits) text += fmt::format(" --weight-bits {}", *refinement.weight_bits);
  for (const ZeroShare& zero : refinement.zeros)
    text += fmt::format(" --zeros {}:{}", zero.matrix, zero.share);
  const Augmentation& augmentation = refinement.augmentation;
  if (augmentation.shift != 0) text += fmt::format(" --shift {}", augmentation.shift);
  if (augmentation.rotation != 0.0) text += fmt::format(" --rotate {}", augmentation.rotation);
  const Recipe& recipe = refinement.recipe;
  return text + fmt::format(" --epochs {} --peak-rate {} --weight-decay {}", recipe.epochs,
                            recipe.peak_rate, recipe.weight_decay);
}

}  // namespace cfc::compress
