#pragma once

#include "compress/exhibits/exhibit.h"
#include "compress/search/search_record.h"

namespace cfc::compress {

/// Table 1: float, PTQ, QAT and distillation. Trains what `networks` lacks.
Exhibit table_1(TrainedNetworks& networks);

/// Table 2: accuracy with LRA-learn divided by that with LRA. The paper does not say at which
/// compression; ours is at the one with the largest E score, which Algorithm 1 would take.
Exhibit table_2(const FinishedSearch& search);

/// Table 3: our accuracies at the paper's settings, then our own candidates as the paper chose its.
Exhibit table_3(const FinishedSearch& search);

}  // namespace cfc::compress
