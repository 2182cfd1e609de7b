#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "configuration/configuration.h"
#include "testbench/wave/trace.h"

namespace cfc {

/// Texts of the files with which GTKWave opens a trace laid out: by name, relative to the trace's
/// folder, which they name (GTKWave finds no filter by a relative path). The save file, and for
/// each kind of controller a filter that shows states by name. `sides`: the scopes to be shown
/// (`model`, `rtl`); `dump`: the trace's name in the folder.
std::vector<std::pair<std::string, std::string>> gtkwave_files(
    const TraceResult& trace, const Configuration& configuration,
    const std::vector<std::string>& sides, const std::filesystem::path& folder,
    const std::string& dump);

}  // namespace cfc
