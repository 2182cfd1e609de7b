#pragma once

#include <nlohmann/json.hpp>

namespace cfc {

// What the charts and tables of cfcsim/report read of each result, as shapes of `check_shape`.

nlohmann::json comparison_shape();

/// Every metric is a figure of every point.
nlohmann::json sweep_shape();

nlohmann::json platform_shape();

}  // namespace cfc
