#include "exchange/data/number_table.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "support/error.h"

namespace cfc::exchange {

Numbers NumberTable::vectors(Eigen::Index width) const {
  if (width != this->width()) {
    throw InputError(fmt::format("{}: has {} vectors of {} numbers, where {} each are needed",
                                 origin, count(), this->width(), width));
  }
  return Eigen::Map<const Numbers>(values.data(), count(), width);
}

void check_finite(const NumberTable& table) {
  const auto& values = table.values;
  const auto wrong =
      std::find_if_not(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
  if (wrong == values.end()) return;
  throw InputError(fmt::format("{}: number {} is {}; give finite numbers", table.origin,
                               wrong - values.begin(), *wrong));
}

NumberTable part_of(NumberTable table, Eigen::Index first, Eigen::Index count) {
  if (table.shape.size() < 2) return table;
  const auto each = static_cast<Eigen::Index>(table.values.size()) / table.shape.front();
  const auto begin = table.values.begin() + first * each;
  table.values = {begin, begin + count * each};
  table.shape.front() = count;
  return table;
}

}  // namespace cfc::exchange
