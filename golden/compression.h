#pragma once

#include "golden/network.h"

namespace cfc::golden {

/// Largest rank at which U and V hold at least the share `compression` (R_comp) fewer weights than
/// the m x n weights of W, eq. (6): floor((1 - R_comp) m n / (m + n)). Throws InputError if that is
/// not between 0 and 1 (eq. 5), or if no rank compresses so much.
Index rank_for(double compression, Index m, Index n);

/// Weights that factorising saves: m n - r (m + n).
Index weights_removed(Index rank, Index m, Index n);

}  // namespace cfc::golden
