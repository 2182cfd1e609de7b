#pragma once

#include <functional>

#include "compress/methods/low_rank.h"
#include "compress/search/candidates.h"
#include "compress/search/grid.h"
#include "compress/search/result_store.h"
#include "compress/search/trained_networks.h"
#include "support/interrupt.h"

namespace cfc::compress {

/// How LRA-learn finds its factors, eq. (10).
enum class Learning {
  descent,   ///< integer coordinate descent
  gradient,  ///< Adam, rounded at the end; about ten times slower
};

/// "descent" or "gradient"; throws InputError for any other name.
Learning parse_learning(std::string_view name);

/// What `parse_learning` takes.
const char* name_of(Learning learning);

/// Factors of both kinds of one matrix at one rank.
IntegerFactors learn(Learning learning, const golden::MatrixS8& w, const IntegerFactors& start);

/// What a search looks at. Of both kinds of factors those are kept with which the network makes
/// fewer mistakes on training images, since a smaller error of the weights, all that eq. (10) asks
/// for, does not always mean that; the accuracies are of the validation images.
struct Images {
  const golden::Dataset& training;
  const golden::Dataset& validation;
};

/// Computes one unit at the ranks: prunes by unstructured L1, decomposes once, evaluates LRA at all
/// ranks in one pass and LRA-learn at each. `base` is the dense network of the unit's dropout.
std::vector<Point> explore_unit(const Unit& unit, const golden::Network& base, const Images& images,
                                const std::vector<golden::Index>& ranks, Learning learning);

/// The network behind a choice, as it is exported: pruned, its layer factorised and learned.
golden::Network build(const Unit& unit, golden::Index rank, const golden::Network& base,
                      const golden::Dataset& training, Learning learning);

/// Trains the dense networks that the grid starts from, where they are not there yet.
void train_bases(const Grid& grid, TrainedNetworks& networks);

/// Computes, on `jobs` threads, all units of the grid that the store does not have; the base
/// networks are trained before that if need be. `done` is told after each unit how many are done
/// and how many there are. Throws Interrupted after Ctrl-C; what is in the store stays.
void run_search(const Grid& grid, TrainedNetworks& networks, ResultStore& store, Learning learning,
                int jobs, const std::function<void(std::size_t, std::size_t)>& done);

}  // namespace cfc::compress
