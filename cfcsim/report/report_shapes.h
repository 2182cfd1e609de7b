#pragma once

#include <nlohmann/json.hpp>

namespace cfc {

// What the charts and tables of cfcsim/report read of each result, as shapes of `check_shape`.

/// Of a comparison of a network, or of a workload where it has none; with prices where it has a
/// table of them, and with standard cells where it has a technology.
nlohmann::json comparison_shape(const nlohmann::json& comparison);

/// Of a sweep, with standard cells where it has a technology. Every metric is a figure of every
/// point.
nlohmann::json sweep_shape(const nlohmann::json& sweep);

nlohmann::json platform_shape();

}  // namespace cfc
