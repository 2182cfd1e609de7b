#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compress/methods/factorise.h"
#include "compress/methods/sparsity.h"
#include "compress/network/data.h"
#include "compress/training/augmentation.h"

namespace cfc::compress {

/// How a trained network becomes a smaller one: factors, narrower weights, zeros; and how all of it
/// is then trained on in the integers of the hardware, end to end.
struct Refinement {
  std::vector<Factorisation> factorisations;
  std::optional<int> weight_bits;  ///< of all weights; 2 is ternary, -1 to 1. Not set: as they are
  std::vector<ZeroShare> zeros;
  Augmentation augmentation;
  Recipe recipe{10, 2e-3};
};

/// Reads "1:30", layer and rank; throws InputError for anything else.
Factorisation parse_factorisation(const std::string& text);

/// Factorises the layers and sets the widths. Throws InputError where a layer cannot be factorised
/// like that, or where a matrix that `zeros` names is not there then.
void reshape(Model& model, const Refinement& refinement);

/// Chooses the exponents, prunes and trains; with no epochs it prunes at once. The training images
/// of `data` are moved in place if the refinement augments. Tells `observer` how it goes, and goes
/// on where `stage` was left, to the same bits.
void refine(Model& model, const Refinement& refinement, Data& data, Observer& observer,
            const ResumableStage& stage);

/// The refinement in one line, for people.
std::string describe(const Refinement& refinement);

/// The options of `cfc-compress refine` that ask for it.
std::string options_of(const Refinement& refinement);

}  // namespace cfc::compress
