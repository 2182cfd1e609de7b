#pragma once

// Stands in for DRAMSys 5, so that the example can be compiled and run where there is none.

#include <string>

namespace DRAMSys::Config {

struct Configuration {};
inline Configuration from_path(const std::string&) { return {}; }

}  // namespace DRAMSys::Config
