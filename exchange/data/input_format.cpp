#include "exchange/data/input_format.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "support/error.h"

namespace cfc::exchange {
namespace {

constexpr double kLargestByte = 255;

struct Range {
  double least{0};
  double largest{0};
  bool all_whole{true};

  double span() const { return largest - least; }
};

/// Of the first `numbers` of a table, and 0.
Range range_of(const NumberTable& table, std::size_t numbers) {
  Range range;
  for (std::size_t i = 0; i < numbers; ++i) {
    const double value = table.values[i];
    range.least = std::min(range.least, value);
    range.largest = std::max(range.largest, value);
    range.all_whole = range.all_whole && value == std::floor(value);
  }
  return range;
}

/// The step from byte to byte.
double scale_for(const Range& range) {
  if (range.all_whole && range.span() <= kLargestByte) {
    return 1 / std::floor(kLargestByte / std::max(range.span(), 1.0));
  }
  return range.span() / kLargestByte;
}

/// `network_inputs` divides in single precision.
void check_single(double scale, const Range& range, const std::string& origin) {
  using Single = std::numeric_limits<float>;
  const double largest = std::max(range.largest, -range.least);
  if (scale >= Single::min() && largest <= Single::max()) return;
  throw InputError(
      fmt::format("{}: its numbers lie between {} and {}, which single precision does "
                  "not hold; give them in another unit",
                  origin, range.least, range.largest));
}

}  // namespace

Metadata input_format(const NumberTable& table, Eigen::Index count) {
  if (table.kind == NumberKind::u8) return {};
  if (table.kind == NumberKind::s8) return {{"input_type", "s8"}};
  check_finite(table);
  const Range range = range_of(table, static_cast<std::size_t>(count * table.width()));
  const double scale = scale_for(range);
  check_single(scale, range, table.origin);
  const double zero_point = std::round(std::abs(range.least) / scale);
  if (scale == 1 && zero_point == 0) return {};
  return {{"input_scale", fmt::format("{}", scale)},
          {"input_zero_point", fmt::format("{:.0f}", zero_point)}};
}

Metadata input_format_of(const golden::Network& network) {
  Metadata format;
  for (const auto& [key, value] : network.metadata) {
    if (key.rfind("input_", 0) == 0) format.emplace(key, value);
  }
  return format;
}

}  // namespace cfc::exchange
