#pragma once

#include "compress/methods/low_rank.h"

namespace cfc::compress {

/// LRA-learn, eq. (10): integer factors near `start` that approximate W with less mean squared
/// error, or `start` if none is found. One at a time, each column of U and row of V takes the
/// integers that are best for it while all others rest; ends when none of them moves, or after
/// `sweeps` rounds.
IntegerFactors learn_by_descent(const golden::MatrixS8& w, const IntegerFactors& start,
                                int sweeps = 40);

/// How `learn_by_gradient` trains.
struct GradientSteps {
  int steps{600};
  double rate{0.02};
};

/// LRA-learn, eq. (10), as the paper words it: two FC layers that begin as U and V are trained with
/// Adam on the identity matrix as input and W as target, and rounded to integers at the end. The
/// result may be worse than `start`.
IntegerFactors learn_by_gradient(const golden::MatrixS8& w, const IntegerFactors& start,
                                 const GradientSteps& training);

}  // namespace cfc::compress
