#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "explore/workload/workload.h"
#include "golden/network.h"

namespace cfc {

/// What a network is: its layers with widths, memories and largest sums, and its metadata.
nlohmann::json network_info(const golden::Network& network);

/// What a workload is: its layers, and how often an inference goes through them.
nlohmann::json workload_info(const explore::Workload& workload);

/// Either of them for people.
std::string info_text(const nlohmann::json& info);

}  // namespace cfc
