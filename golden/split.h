#pragma once

#include "golden/network.h"

namespace cfc::golden {

/// Where the held-out share of `count` rows begins: their last 15 %, rounded down. By index,
/// nothing is shuffled. `count` itself where that is less than a row.
inline Index validation_begin(Index count) { return count - count * 15 / 100; }

}  // namespace cfc::golden
