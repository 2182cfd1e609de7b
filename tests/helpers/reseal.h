#pragma once

#include <numeric>
#include <string>
#include <vector>

#include "explore/sweep/sweep_schema.h"
#include "support/sqlite.h"

namespace cfc::testing {

/// Seals the points of a sweep's database again, for values that were changed on purpose.
inline void reseal(Sqlite& database) {
  const std::vector<std::string> columns = explore::points_table().columns;
  const auto listed = [](const std::string& list, const std::string& column) {
    return list + ',' + column;
  };
  database.execute("UPDATE points SET seal = seal(" +
                   std::accumulate(columns.begin() + 1, columns.end(), columns.front(), listed) +
                   ')');
}

}  // namespace cfc::testing
