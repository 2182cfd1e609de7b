#include "golden/compression.h"

#include <fmt/format.h>

#include "support/error.h"

namespace cfc::golden {

Index rank_for(double compression, Index m, Index n) {
  if (!(compression > 0.0 && compression < 1.0))
    throw InputError(fmt::format(
        "compression {}: must be above 0 and below 1, or U and V save no weights", compression));
  // 1 - R_comp is not exact in binary: without this a rank that is just reached would be missed.
  constexpr double kTolerance = 1e-9;
  const double exact =
      (1.0 - compression) * static_cast<double>(m * n) / static_cast<double>(m + n) + kTolerance;
  const auto rank = static_cast<Index>(exact);
  if (rank < 1)
    throw InputError(fmt::format("compression {} of a {} x {} layer leaves no rank: at most {:.4f}",
                                 compression, m, n,
                                 1.0 - static_cast<double>(m + n) / static_cast<double>(m * n)));
  return rank;
}

Index weights_removed(Index rank, Index m, Index n) { return m * n - rank * (m + n); }

}  // namespace cfc::golden
