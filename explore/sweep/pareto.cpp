#include "explore/sweep/pareto.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace cfc::explore {
namespace {

using Point = std::vector<double>;

bool nowhere_larger(const Point& a, const Point& b) {
  return std::equal(a.begin(), a.end(), b.begin(), std::less_equal<>());
}

}  // namespace

std::vector<std::size_t> pareto_front(const std::vector<Point>& points) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return points[a] < points[b]; });
  // In lexicographic order only an earlier point can dominate, and then one of the front does.
  std::vector<std::size_t> front;
  std::vector<const Point*> distinct;
  for (const std::size_t place : order) {
    const Point& point = points[place];
    const bool is_copy = !distinct.empty() && *distinct.back() == point;
    const bool is_dominated =
        !is_copy && std::any_of(distinct.rbegin(), distinct.rend(), [&](const Point* better) {
          return nowhere_larger(*better, point);
        });
    if (is_dominated) continue;
    front.push_back(place);
    if (!is_copy) distinct.push_back(&point);
  }
  std::sort(front.begin(), front.end());
  return front;
}

}  // namespace cfc::explore
