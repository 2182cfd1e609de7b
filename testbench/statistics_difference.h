#pragma once

#include <string>
#include <vector>

#include "configuration/statistics.h"

namespace cfc {

/// Fields in which what SystemC measured is not what the timing model predicted, a line each.
std::vector<std::string> differences(const RunStatistics& systemc, const RunStatistics& predicted);

}  // namespace cfc
