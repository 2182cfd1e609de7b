#pragma once

#include <cstddef>
#include <vector>

namespace cfc::explore {

/// Places of the points that no other point dominates: none is at most as large in every component
/// and smaller in one. Less is better; all points have the same number of components, none of them
/// NaN. Equal points stand or fall together. In ascending order.
std::vector<std::size_t> pareto_front(const std::vector<std::vector<double>>& points);

}  // namespace cfc::explore
