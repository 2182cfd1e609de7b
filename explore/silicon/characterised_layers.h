#pragma once

#include <filesystem>
#include <functional>

#include <nlohmann/json_fwd.hpp>

#include "explore/silicon/layer_hardware.h"

namespace cfc::explore {

/// The layer of a point that scripts/characterise wrote, by the parameters of the RTL. Throws
/// nlohmann's exceptions where one is missing.
LayerHardware hardware_from(const nlohmann::json& parameters);

/// Reads a file of points, a line each. Throws InputError, naming file and line, where a line is no
/// JSON or `take` throws, and where there is no line.
void read_points(const std::filesystem::path& file,
                 const std::function<void(const nlohmann::json&)>& take);

}  // namespace cfc::explore
