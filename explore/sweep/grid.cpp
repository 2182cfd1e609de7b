#include "explore/sweep/grid.h"

#include <algorithm>
#include <numeric>

#include "support/error.h"

namespace cfc::explore {

std::uint64_t Grid::points() const {
  return std::accumulate(
      axes.begin(), axes.end(), std::uint64_t{1},
      [](std::uint64_t points, const Axis& axis) { return points * axis.values.size(); });
}

GridCursor::GridCursor(const Grid& grid, const Settings& base)
    : grid_(grid), settings_(grid.axes.size() + 1, base) {}

std::vector<std::size_t> GridCursor::places_of(std::uint64_t point) const {
  std::vector<std::size_t> places(grid_.axes.size());
  for (std::size_t i = places.size(); i-- > 0;) {
    const std::size_t values = grid_.axes[i].values.size();
    places[i] = point % values;
    point /= values;
  }
  return places;
}

const Settings& GridCursor::settings_at(std::uint64_t point) {
  const std::vector<std::size_t> places = places_of(point);
  const auto changed = std::mismatch(places_.begin(), places_.end(), places.begin()).first;
  for (auto i = static_cast<std::size_t>(changed - places_.begin()); i < places.size(); ++i) {
    const Axis& axis = grid_.axes[i];
    const std::string& value = axis.values[places[i]];
    settings_[i + 1] = settings_[i];
    set_value(settings_[i + 1], axis.key, value, axis.key + '=' + value);
  }
  places_ = places;
  return settings_.back();
}

std::string GridCursor::assignments_at(std::uint64_t point) const {
  const std::vector<std::size_t> places = places_of(point);
  std::string text;
  for (std::size_t i = 0; i < places.size(); ++i) {
    text += grid_.axes[i].key + '=' + grid_.axes[i].values[places[i]] + '\n';
  }
  return text;
}

}  // namespace cfc::explore
