#include "exchange/data/number_table.h"

#include <fmt/format.h>

#include "support/error.h"

namespace cfc::exchange {

Numbers NumberTable::vectors(Eigen::Index width) const {
  const auto size = static_cast<Eigen::Index>(values.size());
  const Eigen::Index count = shape.size() < 2 ? 1 : shape.front();
  if (count * width != size) {
    throw InputError(fmt::format("{}: has {} vectors of {} numbers, where {} each are needed",
                                 origin, count, size / count, width));
  }
  return Eigen::Map<const Numbers>(values.data(), count, width);
}

}  // namespace cfc::exchange
